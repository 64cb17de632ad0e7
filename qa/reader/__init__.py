"""The bundled reader: a transformer reads question and passage together and finds the answer.

windows → network → spans → selection → `Reader`; ``calibration`` holds the fitted weights.
"""

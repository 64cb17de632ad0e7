"""Stores in Milvus, a server or its embedded Milvus Lite."""

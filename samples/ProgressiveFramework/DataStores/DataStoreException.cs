namespace ProgressiveFramework.DataStores;

/// <summary>A database could not be asked.</summary>
public sealed class DataStoreException(string message) : Exception(message);

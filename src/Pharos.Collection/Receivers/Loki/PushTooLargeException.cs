namespace Pharos.Collection.Receivers.Loki;

/// <summary>A push unpacks to more than is taken at once.</summary>
public sealed class PushTooLargeException(string message) : Exception(message);

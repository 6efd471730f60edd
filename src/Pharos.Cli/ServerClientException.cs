namespace Pharos.Cli;

/// <summary>A running server could not be asked, or refused.</summary>
internal sealed class ServerClientException(string message) : Exception(message);

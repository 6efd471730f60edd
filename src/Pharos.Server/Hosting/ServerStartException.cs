namespace Pharos.Server.Hosting;

/// <summary>The server cannot start; the message is for the user and names what to change.</summary>
public sealed class ServerStartException(string message, Exception? inner = null) : Exception(message, inner);

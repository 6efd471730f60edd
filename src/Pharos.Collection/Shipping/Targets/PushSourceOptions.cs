using System.Net.Security;

namespace Pharos.Collection.Shipping.Targets;

/// <summary><c>loki_push_api</c>: takes what other agents push, at an address of its own.</summary>
public sealed record PushSourceOptions : SourceOptions
{
    public override string Kind => "loki_push_api";

    /// <summary>Empty for every address of this machine.</summary>
    public string Host { get; init; } = "";

    public required int Port { get; init; }

    /// <summary>Connections at once; 0 for no limit.</summary>
    public int MaxConnections { get; init; }

    /// <summary>How long a request's head may take.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection without a request is closed after this time.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Makes the server's side of TLS for each connection; null for none.</summary>
    public Func<SslServerAuthenticationOptions>? Tls { get; init; }
}

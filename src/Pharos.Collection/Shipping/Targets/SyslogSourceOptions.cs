using System.Net.Security;

namespace Pharos.Collection.Shipping.Targets;

/// <summary><c>syslog</c>: listens for messages.</summary>
public sealed record SyslogSourceOptions : SourceOptions
{
    public override string Kind => "syslog";

    public required string Host { get; init; }

    public required int Port { get; init; }

    public bool IsUdp { get; init; }

    public SyslogFormat Format { get; init; }

    /// <summary>A connection that sends nothing for this long is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Structured data become labels to relabel.</summary>
    public bool LabelsStructuredData { get; init; }

    /// <summary>The line is the whole message as RFC 5424 writes it, not only its text.</summary>
    public bool WholeMessage { get; init; }

    public int MaxMessageBytes { get; init; } = 8192;

    /// <summary>In the raw format, messages end with a NUL instead of a newline.</summary>
    public bool EndsWithNul { get; init; }

    /// <summary>Makes the server's side of TLS for each connection; null for none.</summary>
    public Func<SslServerAuthenticationOptions>? Tls { get; init; }
}

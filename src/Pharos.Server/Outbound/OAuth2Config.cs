using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Server.Outbound;

/// <summary>Where tokens come from, and for what they are asked.</summary>
internal sealed record OAuth2Config
{
    public required string ClientId { get; init; }

    public Secret? ClientSecret { get; init; }

    /// <summary>What stands for the secret where the grant is that of JWT bearers; null for that of client credentials.</summary>
    public JwtAssertionConfig? Assertion { get; init; }

    public required Uri TokenUrl { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> EndpointParams { get; init; } = [];

    public TlsConfig Tls { get; init; } = TlsConfig.Default;

    public ProxyConfig Proxy { get; init; } = ProxyConfig.None;

    internal void AppendTo(StringBuilder text, SecretAppender append)
    {
        text.Append(ClientId).Append('\n').Append(TokenUrl).Append('\n').AppendJoin(' ', Scopes).Append('\n');
        text.AppendJoin('&', EndpointParams.Select(p => $"{p.Key}={p.Value}")).Append('\n').Append(Proxy.Url).Append('\n');
        append(text, ClientSecret, Tls.Ca, Tls.Cert, Tls.Key);
        Assertion?.AppendTo(text, append);
    }

    internal delegate void SecretAppender(StringBuilder text, params ReadOnlySpan<Secret?> secrets);
}

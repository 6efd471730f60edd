using System.Security.Cryptography;
using System.Text;
using Pharos.Server.Outbound.Aws;
using Pharos.Storage.Model;

namespace Pharos.Server.Outbound;

/// <summary>How an outgoing HTTP client authenticates and connects: the <c>http_config</c> that Prometheus, Alertmanager and
/// Loki share, validated. At most one of basic auth, authorization and OAuth 2 is set.</summary>
internal sealed record HttpClientConfig
{
    public static readonly HttpClientConfig Default = new();

    public BasicAuthConfig? BasicAuth { get; init; }

    /// <summary>Also holds what the older <c>bearer_token</c> and <c>bearer_token_file</c> say.</summary>
    public AuthorizationConfig? Authorization { get; init; }

    public OAuth2Config? OAuth2 { get; init; }

    /// <summary>Signs requests to Amazon's services; it goes with none of the above.</summary>
    public AwsConfig? Aws { get; init; }

    public TlsConfig Tls { get; init; } = TlsConfig.Default;

    public ProxyConfig Proxy { get; init; } = ProxyConfig.None;

    public bool FollowRedirects { get; init; } = true;

    public bool EnableHttp2 { get; init; } = true;

    /// <summary>Headers of every request; a name may have several values.</summary>
    public IReadOnlyList<KeyValuePair<string, Secret>> Headers { get; init; } = [];

    /// <summary>Equal for configurations that make equal clients; tells nothing about the secrets inside.</summary>
    public string Fingerprint()
    {
        var text = new StringBuilder();
        Append(text, BasicAuth?.Username, BasicAuth?.Password);
        text.Append(Authorization?.Type).Append('\n');
        Append(text, Authorization?.Credentials);
        OAuth2?.AppendTo(text, Append);
        Aws?.AppendTo(text, Append);
        Append(text, Tls.Ca, Tls.Cert, Tls.Key);
        text.Append(Tls.ServerName).Append('\n').Append(Tls.InsecureSkipVerify).Append(Tls.Protocols).Append('\n');
        text.Append(Proxy.Url).Append('\n').Append(Proxy.NoProxy).Append('\n').Append(Proxy.FromEnvironment).Append('\n');
        text.Append(FollowRedirects).Append(EnableHttp2).Append('\n');
        foreach (var (name, value) in Headers.Concat(Proxy.ConnectHeaders))
        {
            text.Append(name).Append('\n');
            Append(text, value);
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Append(StringBuilder text, params ReadOnlySpan<Secret?> secrets)
    {
        foreach (var secret in secrets)
        {
            text.Append(secret is null ? "-" : secret.File is { } file ? $"file {file}" : $"inline {secret.Reveal()}").Append('\0');
        }
    }
}

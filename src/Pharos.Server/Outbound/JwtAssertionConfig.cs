using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Server.Outbound;

/// <summary>A signed statement of who asks, which takes the place of a client's secret (RFC 7523).</summary>
internal sealed record JwtAssertionConfig
{
    /// <summary>An RSA key in PEM.</summary>
    public required Secret Key { get; init; }

    public string KeyId { get; init; } = "";

    /// <summary><c>RS256</c>, <c>RS384</c> or <c>RS512</c>.</summary>
    public string Algorithm { get; init; } = "RS256";

    /// <summary>Empty: the client's id.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>Empty: the token URL.</summary>
    public string Audience { get; init; } = "";

    /// <summary>Further claims, as JSON writes their values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Claims { get; init; } = [];

    internal void AppendTo(StringBuilder text, OAuth2Config.SecretAppender append)
    {
        text.Append(KeyId).Append('\n').Append(Algorithm).Append('\n').Append(Issuer).Append('\n').Append(Audience).Append('\n')
            .AppendJoin('\n', Claims.Select(claim => $"{claim.Key}={claim.Value}")).Append('\n');
        append(text, Key);
    }
}

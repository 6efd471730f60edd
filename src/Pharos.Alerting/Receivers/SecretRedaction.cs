namespace Pharos.Alerting.Receivers;

/// <summary>Takes secrets out of what is shown: services repeat what they were sent in their complaints, not only the
/// whole address but also the key that is a part of it.</summary>
/// <remarks>Immutable. An integration sends thousands of requests with the same ones: it keeps the last.</remarks>
internal sealed class SecretRedaction
{
    /// <summary>Scheme, the nothing between colon and slashes twice: the host may follow, and hosts hold keys too.</summary>
    private const int UrlPartsBeforeHost = 3;

    /// <summary>Shorter parts of an address are words such as "services".</summary>
    private const int ShortestSecretPart = 9;

    /// <summary>Headers whose values tell nobody anything.</summary>
    private static readonly string[] OpenHeaders = ["User-Agent", "Accept-Language", "Host", "X-Amz-Date"];

    private readonly OutgoingRequest _request;
    private readonly string[] _secrets;
    private readonly string[] _secretsOfPayload;

    public SecretRedaction(OutgoingRequest request)
    {
        _request = request with { Body = null };
        _secrets = SecretsOf(request, static _ => true);
        _secretsOfPayload = SecretsOf(request, static part => part.Any(char.IsAsciiDigit) && part.Any(char.IsAsciiLetter));
    }

    /// <summary>The credentials in the headers of a request that was sent.</summary>
    public static IReadOnlyList<string> AddedBy(HttpRequestMessage sent)
    {
        List<string>? added = null;
        foreach (var header in sent.Headers.NonValidated)
        {
            if (IsOpen(header.Key))
            {
                continue;
            }
            foreach (var value in header.Value)
            {
                (added ??= []).AddRange(value.Split([' ', ',', '=', '/']).Append(value).Where(static part => part.Length >= ShortestSecretPart));
            }
        }
        return added is null ? [] : added;
    }

    /// <summary>Whether the secrets of the request are these.</summary>
    public bool IsFor(OutgoingRequest request) => request.Url == _request.Url
        && request.Authorization == _request.Authorization
        && (ReferenceEquals(request.Headers, _request.Headers) || (request.Headers.Count == 0 && _request.Headers.Count == 0))
        && AreSame(request.Secrets, _request.Secrets);

    public string Redact(string text) => Redact(text, _secrets);

    /// <summary>Of what we said ourselves, which repeats no address unless a template writes it: the words of one, such as the
    /// receiver's name, are no secret there, what looks like a key is.</summary>
    public string RedactPayload(string text) => Redact(text, _secretsOfPayload);

    private static bool AreSame(IReadOnlyList<string> some, IReadOnlyList<string> others)
    {
        for (var i = 0; i < some.Count && some.Count == others.Count; i++)
        {
            if (some[i] != others[i])
            {
                return false;
            }
        }
        return some.Count == others.Count;
    }

    private static bool IsOpen(string header)
    {
        foreach (var open in OpenHeaders)
        {
            if (string.Equals(open, header, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static string Redact(string text, string[] secrets)
    {
        if (text.Length == 0)
        {
            return text;
        }
        foreach (var secret in secrets)
        {
            text = text.Replace(secret, "<secret>", StringComparison.Ordinal);
        }
        return text;
    }

    /// <summary>Longest first: a secret may be a part of another.</summary>
    private static string[] SecretsOf(OutgoingRequest request, Func<string, bool> isSecretPart) => [.. request.Secrets.Append(request.Url)
        .Concat(request.Headers.Select(static header => header.Value).Where(isSecretPart))
        .Concat(request.Authorization?.Split(' ').Where(static part => part.Length >= ShortestSecretPart) ?? [])
        .Concat(request.Url.Split(['/', '?', '&', '=', '@', ':', '#'])
            .Skip(UrlPartsBeforeHost).Where(part => part.Length >= ShortestSecretPart && isSecretPart(part)))
        .Where(static secret => secret.Length > 0)
        .SelectMany(static secret => new[] { secret, Uri.EscapeDataString(secret), Uri.UnescapeDataString(secret) })
        .Distinct().OrderByDescending(static secret => secret.Length)];
}

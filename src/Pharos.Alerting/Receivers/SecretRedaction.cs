namespace Pharos.Alerting.Receivers;

/// <summary>Takes secrets out of what is shown: services repeat what they were sent in their complaints, not only the
/// whole address but also the key that is a part of it.</summary>
internal static class SecretRedaction
{
    /// <summary>Scheme, the nothing between colon and slashes twice: the host may follow, and hosts hold keys too.</summary>
    private const int UrlPartsBeforeHost = 3;

    /// <summary>Shorter parts of an address are words such as "services".</summary>
    private const int ShortestSecretPart = 9;

    /// <summary>Headers whose values tell nobody anything.</summary>
    private static readonly string[] OpenHeaders = ["User-Agent", "Accept-Language", "Host", "X-Amz-Date"];

    /// <summary>The credentials in the headers of a request that was sent.</summary>
    public static IEnumerable<string> AddedBy(HttpRequestMessage sent) => sent.Headers
        .Where(static header => !OpenHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
        .SelectMany(static header => header.Value)
        .SelectMany(static value => value.Split([' ', ',', '=', '/']).Append(value))
        .Where(static part => part.Length >= ShortestSecretPart);

    public static string Redact(string text, OutgoingRequest request) => Redact(text, request, static _ => true);

    /// <summary>Of what we said ourselves, which repeats no address unless a template writes it: the words of one, such as the
    /// receiver's name, are no secret there, what looks like a key is.</summary>
    public static string RedactPayload(string text, OutgoingRequest request) =>
        Redact(text, request, static part => part.Any(char.IsAsciiDigit) && part.Any(char.IsAsciiLetter));

    private static string Redact(string text, OutgoingRequest request, Func<string, bool> isSecretPart)
    {
        if (text.Length == 0)
        {
            return text;
        }
        var secrets = request.Secrets.Append(request.Url)
            .Concat(request.Headers.Select(static header => header.Value).Where(isSecretPart))
            .Concat(request.Authorization?.Split(' ').Where(static part => part.Length >= ShortestSecretPart) ?? [])
            .Concat(request.Url.Split(['/', '?', '&', '=', '@', ':', '#'])
                .Skip(UrlPartsBeforeHost).Where(part => part.Length >= ShortestSecretPart && isSecretPart(part)));
        // Longest first: a secret may be a part of another.
        foreach (var secret in secrets.Where(static secret => secret.Length > 0)
            .SelectMany(static secret => new[] { secret, Uri.EscapeDataString(secret), Uri.UnescapeDataString(secret) })
            .Distinct().OrderByDescending(static secret => secret.Length))
        {
            text = text.Replace(secret, "<secret>", StringComparison.Ordinal);
        }
        return text;
    }
}

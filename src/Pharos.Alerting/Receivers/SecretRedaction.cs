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

    public static string Redact(string text, OutgoingRequest request)
    {
        if (text.Length == 0)
        {
            return text;
        }
        var secrets = request.Secrets.Append(request.Url)
            .Concat(request.Headers.Select(static header => header.Value))
            .Concat(request.Authorization?.Split(' ').Where(static part => part.Length >= ShortestSecretPart) ?? [])
            .Concat(request.Url.Split(['/', '?', '&', '=', '@', ':', '#'])
                .Skip(UrlPartsBeforeHost).Where(static part => part.Length >= ShortestSecretPart));
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

namespace Pharos.Alerting.Receivers;

/// <summary>Takes secrets out of what is shown: services repeat what they were sent in their complaints, not only the
/// whole address but also the key that is a part of it.</summary>
internal static class SecretRedaction
{
    /// <summary>Scheme, the nothing between colon and slashes twice: the host may follow, and hosts hold keys too.</summary>
    private const int UrlPartsBeforeHost = 3;

    /// <summary>Shorter parts of an address are words such as "services".</summary>
    private const int ShortestSecretPart = 9;

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

using System.Text.Json;

namespace Pharos.Server.Outbound;

/// <summary>Fetches a token by the client-credentials grant and keeps it until shortly before it expires.</summary>
/// <remarks>Thread-safe: one fetch at a time, the others wait for it. Owns the client.</remarks>
internal sealed class OAuth2TokenSource(OAuth2Config config, HttpClient client, TimeProvider time) : IDisposable
{
    /// <summary>A token is renewed this long before it expires, as Go's oauth2 package does.</summary>
    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromSeconds(10);

    /// <summary>The longest answer of a token endpoint that is read.</summary>
    public const int MaxResponseBytes = 1024 * 1024;

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private (string Token, DateTimeOffset Expires)? _current;

    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        await _fetching.WaitAsync(cancellationToken);
        try
        {
            if (_current is not { } current || current.Expires - ExpiryMargin <= time.GetUtcNow())
            {
                current = await FetchAsync(cancellationToken);
                _current = current;
            }
            return current.Token;
        }
        finally
        {
            _fetching.Release();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _fetching.Dispose();
    }

    private async Task<(string Token, DateTimeOffset Expires)> FetchAsync(CancellationToken cancellationToken)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("grant_type", "client_credentials"),
            new("client_id", config.ClientId),
            new("client_secret", config.ClientSecret?.Reveal() ?? ""),
        };
        if (config.Scopes.Count > 0)
        {
            form.Add(new("scope", string.Join(' ', config.Scopes)));
        }
        form.AddRange(config.EndpointParams);
        using var content = new FormUrlEncodedContent(form);
        using var response = await client.PostAsync(config.TokenUrl, content, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"oauth2: cannot fetch token from {config.TokenUrl.Host}: {(int)response.StatusCode}", null, response.StatusCode);
        }
        try
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var token = json.RootElement.GetProperty("access_token").GetString() ?? "";
            var seconds = json.RootElement.TryGetProperty("expires_in", out var expiry) && expiry.TryGetInt64(out var number)
                ? Math.Clamp(number, 0, 365L * 24 * 3600) : 365L * 24 * 3600;
            return (token, time.GetUtcNow() + TimeSpan.FromSeconds(seconds));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HttpRequestException($"oauth2: the answer of {config.TokenUrl.Host} holds no access_token", e);
        }
    }
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Pharos.Server.Outbound;

/// <summary>Fetches a token by the client-credentials or the JWT bearer grant and keeps it until shortly before it expires, or
/// until the client's secret changes.</summary>
/// <remarks>Thread-safe: one fetch at a time, the others wait for it. Owns the client.</remarks>
internal sealed class OAuth2TokenSource(OAuth2Config config, HttpClient client, TimeProvider time) : IDisposable
{
    /// <summary>The longest answer of a token endpoint that is read.</summary>
    public const int MaxResponseBytes = 1024 * 1024;

    /// <summary>A token is renewed this long before it expires, as Go's oauth2 package does.</summary>
    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private (string Token, DateTimeOffset Expires, string Secret)? _current;

    /// <summary>Whether the client's id and secret stand in the form: known once one way has worked.</summary>
    private bool? _secretInForm;

    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        await _fetching.WaitAsync(cancellationToken);
        try
        {
            var secret = config.ClientSecret?.Reveal() ?? "";
            if (_current is not { } current || current.Expires - ExpiryMargin <= time.GetUtcNow() || current.Secret != secret)
            {
                var (token, expires) = await FetchAsync(secret, cancellationToken);
                _current = current = (token, expires, secret);
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

    private async Task<(string Token, DateTimeOffset Expires)> FetchAsync(string secret, CancellationToken cancellationToken)
    {
        if (config.Assertion is { } jwt)
        {
            return await ReadAsync(await PostAsync(
                [
                    new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                    new("assertion", JwtAssertion.Create(config, jwt, time.GetUtcNow())),
                    .. Scope(), .. config.EndpointParams,
                ],
                null, cancellationToken), cancellationToken);
        }
        List<KeyValuePair<string, string>> form = [new("grant_type", "client_credentials"), .. Scope(), .. config.EndpointParams];
        if (_secretInForm is not true)
        {
            // The standard's way first, then the one that many servers want: as Go's oauth2 package finds out.
            var pair = $"{Uri.EscapeDataString(config.ClientId)}:{Uri.EscapeDataString(secret)}";
            var response = await PostAsync(
                form, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))), cancellationToken);
            if (response.IsSuccessStatusCode || _secretInForm is false)
            {
                var token = await ReadAsync(response, cancellationToken);
                _secretInForm = false;
                return token;
            }
            response.Dispose();
        }
        form.Add(new("client_id", config.ClientId));
        if (secret.Length > 0)
        {
            form.Add(new("client_secret", secret));
        }
        var answer = await ReadAsync(await PostAsync(form, null, cancellationToken), cancellationToken);
        _secretInForm = true;
        return answer;
    }

    private IEnumerable<KeyValuePair<string, string>> Scope() =>
        config.Scopes.Count == 0 ? [] : [new("scope", string.Join(' ', config.Scopes))];

    private async Task<HttpResponseMessage> PostAsync(
        IEnumerable<KeyValuePair<string, string>> form, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, config.TokenUrl) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = authorization;
        return await client.SendAsync(request, cancellationToken);
    }

    /// <summary>Disposes the response.</summary>
    private async Task<(string Token, DateTimeOffset Expires)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var _ = response;
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"oauth2: cannot fetch token from {config.TokenUrl.Host}: {(int)response.StatusCode}", null, response.StatusCode);
        }
        try
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var token = json.RootElement.GetProperty("access_token").GetString() ?? "";
            var seconds = json.RootElement.TryGetProperty("expires_in", out var expiry) && expiry.ValueKind == JsonValueKind.Number
                && expiry.TryGetInt64(out var number) && number > 0 ? Math.Min(number, 365L * 24 * 3600) : 365L * 24 * 3600;
            return (token, time.GetUtcNow() + TimeSpan.FromSeconds(seconds));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HttpRequestException($"oauth2: the answer of {config.TokenUrl.Host} holds no access_token", e);
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Pharos.Server.Outbound;

/// <summary>Puts credentials and configured headers on each request. Files are read each time, so a rotated token is
/// used at once.</summary>
internal sealed class AuthenticatingHandler(HttpClientConfig config, OAuth2TokenSource? tokens) : DelegatingHandler
{
    /// <summary>Set by the redirect handler where a request has left the host that the user named.</summary>
    public static readonly HttpRequestOptionsKey<bool> WithoutCredentials = new("Pharos.WithoutCredentials");

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (config.EnableHttp2 && request.RequestUri?.Scheme == Uri.UriSchemeHttps)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }
        if (!request.Options.TryGetValue(WithoutCredentials, out var without) || !without)
        {
            var authorization = tokens is null ? Configured()
                : Configured() ?? new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(cancellationToken));
            request.Headers.Authorization = authorization ?? request.Headers.Authorization;
            // Most configurations have none, and each scrape and notification comes here.
            foreach (var group in config.Headers.Count == 0 ? [] : config.Headers.GroupBy(header => header.Key, StringComparer.OrdinalIgnoreCase))
            {
                request.Headers.Remove(group.Key);
                request.Headers.TryAddWithoutValidation(group.Key, group.Select(header => header.Value.Reveal()));
            }
        }
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tokens?.Dispose();
        }
        base.Dispose(disposing);
    }

    private AuthenticationHeaderValue? Configured()
    {
        if (config.BasicAuth is { } basic)
        {
            var pair = $"{basic.Username?.Reveal()}:{basic.Password?.Reveal()}";
            return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        return config.Authorization is { Credentials: { } credentials } authorization
            ? new AuthenticationHeaderValue(authorization.Type, credentials.Reveal()) : null;
    }
}

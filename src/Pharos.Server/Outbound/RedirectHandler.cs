using System.Net;

namespace Pharos.Server.Outbound;

/// <summary>Follows redirects as Go's client does: ten at most; POST becomes GET except for 307 and 308; credentials stay
/// with the host that the user named.</summary>
internal sealed class RedirectHandler : DelegatingHandler
{
    private const int MaxRedirects = 10;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var host = request.RequestUri?.Host;
        for (var i = 0; i < MaxRedirects; i++)
        {
            if (request.RequestUri is not { } from || Target(response, from) is not { } target)
            {
                return response;
            }
            if (response.StatusCode is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                && request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            {
                request.Method = HttpMethod.Get;
                request.Content = null;
            }
            if (!string.Equals(target.Host, host, StringComparison.OrdinalIgnoreCase) ||
                (from.Scheme == Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttps))
            {
                request.Options.Set(AuthenticatingHandler.WithoutCredentials, true);
                request.Headers.Authorization = null;
            }
            response.Dispose();
            request.RequestUri = target;
            response = await base.SendAsync(request, cancellationToken);
        }
        if (Target(response, request.RequestUri!) is null)
        {
            return response;
        }
        response.Dispose();
        throw new HttpRequestException($"stopped after {MaxRedirects} redirects");
    }

    private static Uri? Target(HttpResponseMessage response, Uri from)
    {
        var isRedirect = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
            or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        return isRedirect && response.Headers.Location is { } location ? new Uri(from, location) : null;
    }
}

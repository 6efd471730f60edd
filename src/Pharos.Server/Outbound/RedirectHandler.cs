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
        for (var followed = 0; Follow(request, response, host, followed); followed++)
        {
            response = await base.SendAsync(request, cancellationToken);
        }
        return response;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = base.Send(request, cancellationToken);
        var host = request.RequestUri?.Host;
        for (var followed = 0; Follow(request, response, host, followed); followed++)
        {
            response = base.Send(request, cancellationToken);
        }
        return response;
    }

    /// <summary>Makes the request the next one where the response, which then ends, is a redirect.</summary>
    /// <param name="host">The one that the user named.</param>
    /// <returns>False where the response is the answer.</returns>
    private static bool Follow(HttpRequestMessage request, HttpResponseMessage response, string? host, int followed)
    {
        if (request.RequestUri is not { } from || Target(response, from) is not { } target)
        {
            return false;
        }
        var status = response.StatusCode;
        response.Dispose();
        if (followed == MaxRedirects)
        {
            throw new HttpRequestException($"stopped after {MaxRedirects} redirects");
        }
        if (status is not (HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
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
        request.RequestUri = target;
        return true;
    }

    private static Uri? Target(HttpResponseMessage response, Uri from)
    {
        var isRedirect = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
            or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        return isRedirect && response.Headers.Location is { } location ? new Uri(from, location) : null;
    }
}

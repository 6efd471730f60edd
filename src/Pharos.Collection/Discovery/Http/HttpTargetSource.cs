using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Discovery.Http;

/// <summary>Asks a URL for target groups. Sends the last entity tag, so that an unchanged list costs the server nothing.</summary>
internal sealed class HttpTargetSource(HttpDiscoveryOptions options, DiscoveryMetrics metrics) : ITargetSource
{
    private readonly DiscoveryClient _client = new(options.Http);
    private IReadOnlyList<TargetGroup> _groups = [];
    private EntityTagHeaderValue? _tag;

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            metrics.HttpFailures.Add(1);
            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<IReadOnlyList<TargetGroup>> AskAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, options.Url);
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Add("X-Prometheus-Refresh-Interval-Seconds",
            GoFloat.FormatF(options.RefreshInterval.TotalSeconds));
        if (_tag is not null)
        {
            request.Headers.IfNoneMatch.Add(_tag);
        }
        using var response = await _client.Http.SendAsync(request, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified && _tag is not null)
        {
            return _groups;
        }
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"server returned HTTP status {DiscoveryClient.Status(response)}");
        }
        if (!IsJson(response.Content.Headers))
        {
            throw new FormatException($"unsupported content type {GoQuote.Quote(ContentType(response.Content.Headers))}");
        }
        var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        _groups = Read(body);
        _tag = response.Headers.ETag;
        return _groups;
    }

    private IReadOnlyList<TargetGroup> Read(byte[] body)
    {
        try
        {
            return
            [
                .. JsonTargetGroups.Parse(body, $"{options.Url}:").Select(group => group with
                {
                    Labels = new LabelSetBuilder(group.Labels).Set("__meta_url", options.Url).Build(),
                }),
            ];
        }
        catch (JsonException e)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"the answer is no JSON: {e.Message}"), e);
        }
    }

    private static bool IsJson(HttpContentHeaders headers) =>
        headers.ContentType is { } type && string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));

    private static string ContentType(HttpContentHeaders headers) =>
        headers.TryGetValues("Content-Type", out var values) ? string.Join(", ", values) : "";
}

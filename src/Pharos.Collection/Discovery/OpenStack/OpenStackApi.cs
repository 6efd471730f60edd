using System.Text.Json;

namespace Pharos.Collection.Discovery.OpenStack;

/// <summary>Logs in with version 3 of the Identity API and asks services at the addresses that its catalog names.</summary>
internal sealed class OpenStackApi(OpenStackDiscoveryOptions options) : IDisposable
{
    private const int MaxPages = 1000;

    private readonly DiscoveryClient _client = new(options.Http);
    private string _token = "";
    private JsonElement _catalog;

    /// <exception cref="HttpRequestException">Keystone refuses.</exception>
    public async Task LoginAsync(CancellationToken cancellation)
    {
        var root = options.IdentityEndpoint.TrimEnd('/');
        root = root.EndsWith("/v3", StringComparison.Ordinal) ? root : $"{root}/v3";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{root}/auth/tokens")
        {
            Content = DiscoveryClient.JsonContent(json => OpenStackLoginJson.Write(json, options.Login)),
        };
        using var response = await _client.Http.SendAsync(request, cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"could not authenticate to OpenStack: {DiscoveryClient.Status(response)}", null, response.StatusCode);
        }
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false));
        _token = response.Headers.TryGetValues("X-Subject-Token", out var tokens) ? tokens.First() : "";
        _catalog = answer.RootElement.Get("token", "catalog").Clone();
    }

    /// <summary>The address of a service in the region.</summary>
    /// <param name="version">Is in the path of the service's API but not in every catalog; empty where it is in both.</param>
    public string EndpointOf(string type, string version)
    {
        var url = _catalog.Items().Where(service => service.Text("type") == type).SelectMany(service => service.Items("endpoints"))
            .FirstOrDefault(endpoint => endpoint.Text("interface") == options.Availability
                && (options.Region.Length == 0 || endpoint.Text("region") == options.Region || endpoint.Text("region_id") == options.Region))
            .Text("url").TrimEnd('/');
        if (url.Length == 0)
        {
            throw new HttpRequestException($"OpenStack's catalog names no {options.Availability} endpoint of {type} in region \"{options.Region}\"");
        }
        return version.Length == 0 || url.EndsWith(version, StringComparison.Ordinal) ? url : $"{url}/{version}";
    }

    /// <summary>The items of a list over all its pages.</summary>
    public async Task<List<JsonElement>> ListAsync(string url, string list, CancellationToken cancellation)
    {
        var items = new List<JsonElement>();
        for (var page = 0; url.Length > 0 && page < MaxPages; page++)
        {
            using var answer = await _client.GetAsync(url, cancellation, ("X-Auth-Token", _token)).ConfigureAwait(false);
            items.AddRange(answer.RootElement.Items(list).Select(item => item.Clone()));
            url = answer.RootElement.Items($"{list}_links").FirstOrDefault(link => link.Text("rel") == "next").Text("href");
        }
        return items;
    }

    public void Dispose() => _client.Dispose();
}

using System.Xml.Linq;

namespace Pharos.Collection.Discovery.Aws;

/// <summary>EC2's query API: form in, XML out.</summary>
internal sealed class Ec2Api(DiscoveryHttp http) : IDisposable
{
    private const string Version = "2016-11-15";
    private const int MaxPages = 1000;

    private readonly DiscoveryClient _client = new(http);

    /// <summary>The items of a list over all its pages, their elements without namespaces.</summary>
    public async Task<List<XElement>> ListAsync(
        Uri endpoint, string action, string list, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellation)
    {
        var items = new List<XElement>();
        var given = parameters.ToList();
        var token = "";
        for (var page = 0; page < MaxPages; page++)
        {
            List<KeyValuePair<string, string>> form = [new("Action", action), new("Version", Version), .. given];
            if (token.Length > 0)
            {
                form.Add(new("NextToken", token));
            }
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
            var root = WithoutNamespaces(await _client.SendForXmlAsync(request, cancellation).ConfigureAwait(false));
            items.AddRange(root.Elements(list).Elements("item"));
            token = root.Element("nextToken")?.Value ?? "";
            if (token.Length == 0)
            {
                break;
            }
        }
        return items;
    }

    public void Dispose() => _client.Dispose();

    private static XElement WithoutNamespaces(XElement element) =>
        new(element.Name.LocalName, element.HasElements ? element.Elements().Select(WithoutNamespaces) : element.Value);
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Pharos.Collection.Discovery;

/// <summary>Asks the JSON API of one discovery. Owns its HTTP client.</summary>
internal sealed class DiscoveryClient : IDisposable
{
    /// <summary>An answer beyond this is an error, not read on.</summary>
    public const int MaxBodyBytes = 128 << 20;

    /// <summary>How much of an error's body a message repeats.</summary>
    private const int MaxEcho = 200;

    public DiscoveryClient(DiscoveryHttp http)
    {
        Http = http.Create();
        Http.MaxResponseContentBufferSize = MaxBodyBytes;
        Http.DefaultRequestHeaders.UserAgent.ParseAdd("Pharos");
    }

    public HttpClient Http { get; }

    /// <summary>The parsed answer to GET; the caller disposes it.</summary>
    /// <exception cref="HttpRequestException">The server cannot be reached or answers with another status than 2xx.</exception>
    /// <exception cref="JsonException">The answer is no JSON.</exception>
    public async Task<JsonDocument> GetAsync(
        string url, CancellationToken cancellation, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await SendAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <summary>The parsed answer to POST of a JSON object; the caller disposes it.</summary>
    /// <param name="members">Writes the object's members.</param>
    /// <exception cref="HttpRequestException">As for GET.</exception>
    public async Task<JsonDocument> PostJsonAsync(string url, Action<Utf8JsonWriter> members, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent(members) };
        request.Headers.Accept.ParseAdd("application/json");
        return await SendAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <summary>The root of an answer in XML; document type definitions are refused.</summary>
    /// <exception cref="XmlException">The answer is no XML.</exception>
    public async Task<XElement> SendForXmlAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var body = new MemoryStream(await SendForBytesAsync(request, cancellation).ConfigureAwait(false));
        using var reader = XmlReader.Create(body, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XElement.Load(reader);
    }

    public async Task<JsonDocument> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        JsonDocument.Parse(await SendForBytesAsync(request, cancellation).ConfigureAwait(false));

    public static HttpContent JsonContent(Action<Utf8JsonWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async Task<byte[]> SendForBytesAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var response = await Http.SendAsync(request, cancellation).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"{request.RequestUri?.GetLeftPart(UriPartial.Path)}: server returned HTTP status {Status(response)}: {Excerpt(body)}",
                null, response.StatusCode);
        }
        return body;
    }

    public void Dispose() => Http.Dispose();

    /// <summary>The status as Go prints it: <c>404 Not Found</c>.</summary>
    public static string Status(HttpResponseMessage response) => $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();

    public static bool IsGone(HttpStatusCode? status) => status is HttpStatusCode.Gone;

    private static string Excerpt(byte[] body) =>
        System.Text.Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, MaxEcho)).Trim();
}

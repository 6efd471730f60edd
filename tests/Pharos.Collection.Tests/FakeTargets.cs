using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace Pharos.Collection.Tests;

/// <summary>Answers scrapes from memory and keeps the requests.</summary>
internal sealed class FakeTargets : HttpMessageHandler
{
    public ConcurrentQueue<HttpRequestMessage> Requests { get; } = new();

    public Func<HttpRequestMessage, HttpResponseMessage> Answer { get; set; } = _ => Text("");

    /// <summary>Never answers: the scrape's own timeout must end it.</summary>
    public bool Hangs { get; set; }

    public static HttpResponseMessage Text(string body, string? contentType = "text/plain; version=0.0.4")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    public static HttpResponseMessage Gzip(string body)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(body));
        }
        return Body(packed.ToArray(), "text/plain", packed: true);
    }

    public static HttpResponseMessage Body(byte[] bytes, string contentType, bool packed)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (packed)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        return Answer(request);
    }
}

using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Pharos.Collection.Discovery.Kubernetes;

/// <summary>Lists and watches over HTTP (kubernetes.io/docs/reference/using-api/api-concepts).</summary>
internal sealed class KubernetesApi(KubernetesConnection connection, DiscoveryMetrics metrics)
{
    /// <summary>One page of a list, or one event, beyond this is refused.</summary>
    private const int MaxJsonBytes = 64 << 20;

    /// <summary>How much of an error's body a message repeats.</summary>
    private const int MaxEchoBytes = 2048;

    private readonly string _root = connection.Server.ToString().TrimEnd('/');

    /// <summary>One page of objects; the caller disposes it.</summary>
    /// <exception cref="ResourceGoneException">The continuation is too old.</exception>
    public async Task<JsonDocument> ListAsync(string pathAndQuery, CancellationToken cancellation)
    {
        using var response = await SendAsync(pathAndQuery, cancellation).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var pipe = PipeReader.Create(stream);
        try
        {
            return JsonDocument.Parse((await ReadWholeAsync(pipe, cancellation).ConfigureAwait(false)).ToArray());
        }
        finally
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The events of a watch as they come, until the server ends it. Each is valid until the next is asked for.</summary>
    /// <exception cref="ResourceGoneException">The version is too old.</exception>
    public async IAsyncEnumerable<JsonElement> WatchAsync(
        string pathAndQuery, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await SendAsync(pathAndQuery, cancellation).ConfigureAwait(false);
        var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellation).ConfigureAwait(false);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    var line = rest.Slice(0, end);
                    rest = rest.Slice(rest.GetPosition(1, end));
                    if (!line.IsEmpty)
                    {
                        using var document = JsonDocument.Parse(line);
                        yield return document.RootElement;
                    }
                }
                if (rest.Length > MaxJsonBytes)
                {
                    throw new FormatException($"an event is larger than {MaxJsonBytes} bytes");
                }
                pipe.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await pipe.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static async Task<ReadOnlySequence<byte>> ReadWholeAsync(PipeReader pipe, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation).ConfigureAwait(false);
            if (read.IsCompleted)
            {
                return read.Buffer;
            }
            if (read.Buffer.Length > MaxJsonBytes)
            {
                throw new FormatException($"a list is larger than {MaxJsonBytes} bytes");
            }
            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string pathAndQuery, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _root + pathAndQuery);
        request.Headers.Accept.ParseAdd("application/json");
        HttpResponseMessage response;
        try
        {
            response = await connection.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
                .ConfigureAwait(false);
        }
        catch (HttpRequestException)
        {
            metrics.KubernetesRequest("<error>");
            throw;
        }
        metrics.KubernetesRequest(((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }
        using (response)
        {
            if (response.StatusCode == HttpStatusCode.Gone)
            {
                throw new ResourceGoneException();
            }
            var reason = await ReasonAsync(response, cancellation).ConfigureAwait(false);
            throw new HttpRequestException($"{request.RequestUri!.AbsolutePath}: {reason}", null, response.StatusCode);
        }
    }

    /// <summary>The message of the API's own status object, or the HTTP status.</summary>
    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = DiscoveryClient.Status(response);
        var body = new byte[MaxEchoBytes];
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(body.AsMemory(0, length));
            return document.RootElement.Text("message") is { Length: > 0 } message ? $"{status}: {message}" : status;
        }
        catch (JsonException)
        {
            return status;
        }
    }
}

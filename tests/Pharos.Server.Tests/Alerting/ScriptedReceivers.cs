using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pharos.Server.Tests.Alerting;

/// <summary>A server on a loopback port that stands for many services: the first part of a path names the one, and each
/// one's requests meet the steps of the script in their order, the last step for ever.</summary>
internal sealed class ScriptedReceivers : IAsyncDisposable
{
    /// <summary>What every service takes for success.</summary>
    private const string Success = """
        {"ok":true,"success":true,"errcode":0,"errmsg":"ok","access_token":"fetched","expires_in":7200,"issues":[],"total":0,"key":"K-1","ts":"1","channel":"c"}
        """;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _steps = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly string[] _script;
    private readonly Task _accepting;

    public ScriptedReceivers(params string[] script)
    {
        _script = script;
        _listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Url { get; }

    /// <summary>What was answered with success, in the order of arrival: service, and the request's line and body.</summary>
    public ConcurrentQueue<(string Service, string Request)> Taken { get; } = new();

    public int RequestsOf(string service) => _steps.GetValueOrDefault(service);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAny(Task.WhenAll([_accepting, .. _connections]), Task.Delay(TimeSpan.FromSeconds(2)));
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            // One request for each connection: a step may cut it.
            var request = await ReadAsync(stream);
            var service = request.Split(' ')[1].Split('/', '?')[1];
            var step = _steps.AddOrUpdate(service, 1, static (_, count) => count + 1);
            await AnswerAsync(stream, service, request, _script[Math.Min(step, _script.Length) - 1]);
        }
        catch (Exception problem) when (problem is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string service, string request, string step)
    {
        var echo = request[..Math.Min(request.Length, 4000)].ReplaceLineEndings(" ");
        switch (step)
        {
            case "cut":
                return;
            case "hang":
                await Task.Delay(Timeout.Infinite, _stop.Token);
                return;
            case "garbage":
                await stream.WriteAsync("\0\x01\x02 this is no HTTP\r\n\r\n"u8.ToArray(), _stop.Token);
                return;
            case "half":
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 503 Unavailable\r\nContent-Length: 100000\r\n\r\n{echo}"), _stop.Token);
                return;
            case "ok":
                Taken.Enqueue((service, request));
                await WriteAsync(stream, "200 OK", "", Success);
                return;
            default:
                // A status, and perhaps a header: services repeat what they were sent in their complaints.
                var parts = step.Replace("URL", $"{Url}/{service}", StringComparison.Ordinal).Split('|');
                await WriteAsync(stream, parts[0], parts.Length > 1 ? parts[1] + "\r\n" : "", "{\"complaint\":\"" + echo + "\"}");
                return;
        }
    }

    private async Task WriteAsync(NetworkStream stream, string status, string headers, string body) => await stream.WriteAsync(
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}" +
            $"Connection: close\r\n\r\n{body}"), _stop.Token);

    private async Task<string> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            var soFar = text.ToString();
            var headers = soFar.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (read == 0 || (headers > 0 && Encoding.UTF8.GetByteCount(soFar.AsSpan(headers + 4)) >= LengthIn(soFar[..headers])))
            {
                return soFar;
            }
        }
    }

    private static int LengthIn(string headers) => headers.Split("\r\n")
        .Where(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(static line => int.Parse(line.AsSpan("Content-Length:".Length).Trim(), System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();
}

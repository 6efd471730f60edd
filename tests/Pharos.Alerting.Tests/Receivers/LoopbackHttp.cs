using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pharos.Alerting.Tests.Receivers;

/// <summary>A server on a free loopback port that takes each request and then behaves badly in one way.</summary>
internal sealed class LoopbackHttp : IAsyncDisposable
{
    public const string Hang = "hang";
    public const string Cut = "cut";
    public const string CutInTheMiddle = "cut in the middle";
    public const string Garbage = "garbage";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public LoopbackHttp(string trouble)
    {
        _listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";
        _serving = ServeAsync(trouble);
    }

    public string Url { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        try
        {
            await _serving;
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The client went away, or we did.
        }
        _stop.Dispose();
    }

    private async Task ServeAsync(string trouble)
    {
        while (!_stop.IsCancellationRequested)
        {
            using var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
            await using var stream = connection.GetStream();
            var buffer = new byte[64 * 1024];
            _ = await stream.ReadAtLeastAsync(buffer, 16, throwOnEndOfStream: false, _stop.Token);
            switch (trouble)
            {
                case Hang:
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                    break;
                case Garbage:
                    await stream.WriteAsync("\0\x01 no HTTP at all\r\n\r\n"u8.ToArray(), _stop.Token);
                    break;
                case CutInTheMiddle:
                    await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":"), _stop.Token);
                    break;
            }
        }
    }
}

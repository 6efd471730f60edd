using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pharos.Conformance.Tests.Peers.Receivers;

/// <summary>A port whose queue of connections is full and from which nobody takes any: whoever connects waits without an answer, as behind a
/// firewall that drops. Opened, it takes every request and answers 200.</summary>
internal sealed class BlackHole : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _fillers = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;

    public BlackHole() => _listener.Start(backlog: 1);

    public string Authority => _listener.LocalEndpoint.ToString()!;

    /// <summary>The whole text of every request that came after it was opened.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    /// <summary>Connects until nobody can any more.</summary>
    public async Task FillAsync()
    {
        while (true)
        {
            var filler = new Socket(SocketType.Stream, ProtocolType.Tcp);
            _fillers.Add(filler);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await filler.ConnectAsync(_listener.LocalEndpoint, patience.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public void Open()
    {
        _fillers.ForEach(static filler => filler.Dispose());
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        _fillers.ForEach(static filler => filler.Dispose());
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            var text = new StringBuilder();
            // The sender ends its message with the last brace; a filler says nothing and is gone.
            while (await stream.ReadAsync(buffer, _stop.Token) is var read and > 0)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
                if (text.ToString().TrimEnd().EndsWith('}'))
                {
                    Taken.Enqueue(text.ToString());
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
                    return;
                }
            }
        }
        catch (IOException)
        {
            // Cut: the next one.
        }
    }
}

using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;

namespace Pharos.Cli.Commands.Queries;

/// <summary>Prints new lines as they come, until it is interrupted.</summary>
internal sealed class LogTail(string address, string? tenant, LogPrinter printer)
{
    /// <summary>The longest frame that is read.</summary>
    private const int MaxFrameBytes = 64 << 20;

    public async Task RunAsync(string query, int limit, int delaySeconds, long startNs, CancellationToken cancellation)
    {
        using var socket = new ClientWebSocket();
        if (tenant is not null)
        {
            socket.Options.SetRequestHeader("X-Scope-OrgID", tenant);
        }
        var server = new Uri(address.EndsWith('/') ? address : address + "/");
        var url = new UriBuilder(new Uri(server, string.Create(
            CultureInfo.InvariantCulture,
            $"loki/api/v1/tail?query={Uri.EscapeDataString(query)}&limit={limit}&delay_for={delaySeconds}&start={startNs}")))
        {
            Scheme = server.Scheme == Uri.UriSchemeHttps ? "wss" : "ws",
        };
        try
        {
            await socket.ConnectAsync(url.Uri, cancellation);
            while (await ReceiveAsync(socket, cancellation) is { } frame)
            {
                Print(frame);
            }
        }
        catch (WebSocketException e)
        {
            throw new ServerClientException($"tail: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            // The user has had enough.
        }
    }

    private void Print(MemoryStream frame)
    {
        using var json = JsonDocument.Parse(frame.GetBuffer().AsMemory(0, (int)frame.Length));
        printer.Print(LogLine.Of(json.RootElement.GetProperty("streams"), isForward: true));
        if (json.RootElement.TryGetProperty("dropped_entries", out var dropped))
        {
            Console.Error.WriteLine($"warning: {dropped.GetArrayLength()} lines or more came faster than they could be shown");
        }
    }

    /// <returns>Null at the end.</returns>
    private static async Task<MemoryStream?> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        var frame = new MemoryStream();
        var room = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(room, cancellation);
            if (received.MessageType is WebSocketMessageType.Close)
            {
                return null;
            }
            frame.Write(room, 0, received.Count);
            if (received.EndOfMessage)
            {
                return frame;
            }
            if (frame.Length > MaxFrameBytes)
            {
                throw new ServerClientException($"tail: a frame is larger than {MaxFrameBytes} bytes");
            }
        }
    }
}

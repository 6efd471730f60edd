using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>Listens for Graylog's messages: JSON, packed or not, in one datagram or in chunks.</summary>
internal sealed class GelfSource(GelfSourceOptions options, TimeProvider time) : ISource
{
    private const int MaxChunks = 128;
    private const int ChunkHeaderBytes = 12;
    private const int MaxMessageBytes = 8 * 1024 * 1024;

    /// <summary>Messages of which chunks are missing; the oldest are forgotten.</summary>
    private const int MaxIncomplete = 1000;

    private static readonly TimeSpan ChunkWait = TimeSpan.FromSeconds(5);

    private readonly Dictionary<ulong, (byte[]?[] Chunks, long At)> _incomplete = [];

    public bool CanWait => false;

    public async Task RunAsync(Func<SourceEntry, ValueTask<bool>> put, CancellationToken cancellation)
    {
        using var socket = new UdpClient(await ListenAddresses.FindAsync(options.Host, options.Port, cancellation).ConfigureAwait(false));
        while (true)
        {
            var received = await socket.ReceiveAsync(cancellation).ConfigureAwait(false);
            try
            {
                if (Whole(received.Buffer) is { } message && Read(Unpacked(message)) is { } entry)
                {
                    await put(entry).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is JsonException or InvalidDataException)
            {
                // Anybody can send anything to a port.
            }
        }
    }

    /// <summary>A message of which this was the last missing chunk, or that has none.</summary>
    internal byte[]? Whole(byte[] datagram)
    {
        if (datagram.Length < ChunkHeaderBytes || datagram[0] != 0x1E || datagram[1] != 0x0F)
        {
            return datagram;
        }
        var id = BitConverter.ToUInt64(datagram, 2);
        var (number, count) = (datagram[10], datagram[11]);
        if (count is 0 or > MaxChunks || number >= count)
        {
            return null;
        }
        if (!_incomplete.TryGetValue(id, out var known) || known.Chunks.Length != count)
        {
            Forget();
            known = (new byte[]?[count], time.GetTimestamp());
            _incomplete[id] = known;
        }
        known.Chunks[number] = datagram[ChunkHeaderBytes..];
        if (Array.Exists(known.Chunks, static chunk => chunk is null))
        {
            return null;
        }
        _incomplete.Remove(id);
        return [.. known.Chunks.SelectMany(static chunk => chunk!)];
    }

    internal SourceEntry? Read(ReadOnlyMemory<byte> message)
    {
        using var json = JsonDocument.Parse(message);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        var labels = new LabelSetBuilder(options.Labels);
        labels.Set("__gelf_message_version", Text(root, "version"));
        labels.Set("__gelf_message_host", Text(root, "host"));
        labels.Set("__gelf_message_facility", Text(root, "facility"));
        if (root.TryGetProperty("level", out var level) && level.TryGetInt64(out var number) && SyslogMessage.Severity(number) is { } severity)
        {
            labels.Set("__gelf_message_level", severity);
        }
        var timeNs = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        if (options.UsesIncomingTime && root.TryGetProperty("timestamp", out var told) && told.ValueKind == JsonValueKind.Number
            && told.TryGetDecimal(out var seconds) && seconds is > 0 and < 9_000_000_000)
        {
            timeNs = (long)(seconds * 1_000_000_000);
        }
        return new SourceEntry(labels.Build(), timeNs, Encoding.UTF8.GetString(message.Span));
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static ReadOnlyMemory<byte> Unpacked(byte[] message)
    {
        var isGzip = message is [0x1F, 0x8B, ..];
        if (!isGzip && message is not [0x78, ..])
        {
            return message;
        }
        using var packed = new MemoryStream(message);
        using Stream stream = isGzip ? new GZipStream(packed, CompressionMode.Decompress) : new ZLibStream(packed, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (stream.Read(buffer) is var read and > 0)
        {
            if (plain.Length + read > MaxMessageBytes)
            {
                throw new InvalidDataException("a message unpacks to too much");
            }
            plain.Write(buffer, 0, read);
        }
        return plain.ToArray();
    }

    private void Forget()
    {
        foreach (var (id, message) in _incomplete)
        {
            if (_incomplete.Count >= MaxIncomplete || time.GetElapsedTime(message.At) > ChunkWait)
            {
                _incomplete.Remove(id);
            }
        }
    }
}

using System.Text.Json.Nodes;

namespace Pharos.Cli.Demo;

/// <summary>The newest messages, newest first. Thread-safe.</summary>
internal sealed class SinkMessages(TimeProvider time)
{
    /// <summary>Older messages are forgotten beyond this many.</summary>
    private const int MaxMessages = 500;

    private readonly Lock _lock = new();
    private readonly LinkedList<SinkMessage> _messages = [];
    private long _lastId;

    public void Add(string kind, string title, string summary, string status, string receiver, JsonNode? payload)
    {
        lock (_lock)
        {
            _messages.AddFirst(
                new SinkMessage(++_lastId, time.GetUtcNow(), kind, title, summary, status, receiver, payload));
            if (_messages.Count > MaxMessages)
            {
                _messages.RemoveLast();
            }
        }
    }

    public IReadOnlyList<SinkMessage> All()
    {
        lock (_lock)
        {
            return [.. _messages];
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _messages.Clear();
        }
    }
}

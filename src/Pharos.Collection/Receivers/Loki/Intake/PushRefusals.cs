using System.Globalization;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>The refusals of one push, the same ones counted together.</summary>
internal sealed class PushRefusals
{
    /// <summary>Different messages that one answer repeats.</summary>
    private const int MaxMessages = 50;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private int _more;

    public int Status { get; private set; } = LokiPushOutcome.NoContent;

    public int Entries { get; private set; }

    public void Clear()
    {
        _counts.Clear();
        _order.Clear();
        (_more, Entries, Status) = (0, 0, LokiPushOutcome.NoContent);
    }

    public void Add(PushRejection rejection, int entries)
    {
        // What a repeat can help goes before what it cannot.
        Status = Math.Max(Status, rejection.Status);
        Entries += entries;
        if (_counts.TryGetValue(rejection.Message, out var count))
        {
            _counts[rejection.Message] = count + 1;
        }
        else if (_order.Count < MaxMessages)
        {
            _counts.Add(rejection.Message, 1);
            _order.Add(rejection.Message);
        }
        else
        {
            _more++;
        }
    }

    /// <summary>Entries whose refusal is said already.</summary>
    public void Count(int entries) => Entries += entries;

    public string Message()
    {
        var messages = _order.Select(message => _counts[message] is var count && count == 1 ? message
            : string.Create(CultureInfo.InvariantCulture, $"{count} errors like: {message}"));
        return string.Join("; ", _more == 0 ? messages : messages.Append(string.Create(CultureInfo.InvariantCulture, $"{_more} more errors")));
    }
}

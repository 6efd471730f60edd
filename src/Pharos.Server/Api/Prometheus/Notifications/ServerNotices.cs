using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace Pharos.Server.Api.Prometheus.Notifications;

/// <summary>What is to be known of the server now, and who is told at once when that changes.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ServerNotices
{
    public const string ReloadFailed = "Configuration reload has failed.";
    public const string ShuttingDown = "Pharos is shutting down and gracefully stopping all operations.";

    /// <summary>Bounds what waits for one subscriber; what comes beyond is not sent to it.</summary>
    private const int MaxWaiting = 10;

    private readonly Lock _gate = new();
    private readonly List<ServerNotice> _active = [];
    private readonly HashSet<Channel<ServerNotice>> _subscribers = [];
    private readonly int _maxSubscribers;
    private readonly TimeProvider _time;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _dropped;

    /// <param name="maxSubscribers">How many may listen at once.</param>
    public ServerNotices(int maxSubscribers, TimeProvider time, Meter meter)
    {
        _maxSubscribers = maxSubscribers;
        _time = time;
        _sent = meter.CreateCounter<long>(
            "prometheus_api_notification_updates_sent_total", description: "Total number of notification updates sent.");
        _dropped = meter.CreateCounter<long>(
            "prometheus_api_notification_updates_dropped_total", description: "Total number of notification updates dropped.");
        meter.CreateObservableGauge(
            "prometheus_api_notification_active_subscribers", CountSubscribers,
            description: "The current number of active notification subscribers.");
    }

    public IReadOnlyList<ServerNotice> Active
    {
        get
        {
            lock (_gate)
            {
                return [.. _active];
            }
        }
    }

    public void Raise(string text)
    {
        lock (_gate)
        {
            _active.RemoveAll(notice => notice.Text == text);
            var notice = new ServerNotice(text, _time.GetUtcNow(), Active: true);
            _active.Add(notice);
            Tell(notice);
        }
    }

    public void Clear(string text)
    {
        lock (_gate)
        {
            if (_active.Find(notice => notice.Text == text) is { } gone)
            {
                _active.Remove(gone);
                Tell(gone with { Active = false });
            }
        }
    }

    /// <summary>Listens: first to what is active now, then to every change.</summary>
    /// <returns>Null where too many listen already.</returns>
    public Channel<ServerNotice>? Subscribe()
    {
        lock (_gate)
        {
            if (_subscribers.Count >= _maxSubscribers)
            {
                return null;
            }
            var channel = Channel.CreateBounded<ServerNotice>(MaxWaiting);
            _subscribers.Add(channel);
            foreach (var notice in _active)
            {
                channel.Writer.TryWrite(notice);
            }
            return channel;
        }
    }

    public void Unsubscribe(Channel<ServerNotice> channel)
    {
        lock (_gate)
        {
            _subscribers.Remove(channel);
        }
    }

    private int CountSubscribers()
    {
        lock (_gate)
        {
            return _subscribers.Count;
        }
    }

    /// <summary>Under the gate.</summary>
    private void Tell(ServerNotice notice)
    {
        foreach (var subscriber in _subscribers)
        {
            _sent.Add(1);
            if (!subscriber.Writer.TryWrite(notice))
            {
                _dropped.Add(1);
            }
        }
    }
}

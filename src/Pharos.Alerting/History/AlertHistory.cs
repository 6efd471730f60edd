using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Cluster;
using Pharos.Alerting.Durability;
using Pharos.Alerting.Routing;
using Pharos.Storage.State;

namespace Pharos.Alerting.History;

/// <summary>Every alert's transitions: it fires, is suppressed and no longer is, is over, fires again.</summary>
/// <remarks>Reading is thread-safe; the pipeline's lock guards the rest. A transition is written where something changed and at no
/// other time, all of one batch as one entry, and is durable with the journal's next commit, which is that of the alert.</remarks>
public sealed class AlertHistory
{
    private const string Collection = SharedCollections.AlertHistory;

    /// <summary>Longer than it takes until another node writes in this one's place.</summary>
    private static readonly TimeSpan HandoverTime = TimeSpan.FromSeconds(30);

    /// <summary>Keeps an entry far below what the state store takes.</summary>
    private const int MaxInChunk = 1_000;

    private readonly Dictionary<ulong, AlertStanding> _standings = [];
    private readonly HistoryChunks<AlertTransition> _chunks;
    private readonly TimeProvider _time;
    private List<AlertTransition> _unwritten = [];

    internal AlertHistory(IStateStore state, StateJournal journal, TimeProvider time, TimeSpan retention, ILogger logger)
    {
        _time = time;
        _chunks = new HistoryChunks<AlertTransition>(
            Collection, Parse, static transition => transition.At, retention, state, journal, logger, Replay);
    }

    /// <summary>Off where another node writes what this one sees as well.</summary>
    internal bool IsWriting { get; set; } = true;

    /// <exception cref="IOException">The disk refuses.</exception>
    public HistoryPage<AlertTransition> Read(HistoryQuery query) => _chunks.Read(
        query,
        transition => (query.Receiver is null || transition.Receiver == query.Receiver) && query.Wants(transition.Labels),
        _time.GetUtcNow());

    /// <summary>Of an alert that was posted.</summary>
    /// <param name="known">As it was before, or null.</param>
    internal void Posted(Alert? known, Alert alert, DateTimeOffset now)
    {
        if (known?.IsResolvedAt(now) == true)
        {
            Over(known, now);
        }
        if (alert.IsResolvedAt(now))
        {
            Over(alert, now);
        }
        else if (!_standings.ContainsKey(alert.Fingerprint))
        {
            Fires(alert, known is null ? "new alert" : "fires again", now);
        }
    }

    /// <summary>Of an alert whose end may have passed without a word.</summary>
    internal void Seen(Alert alert, DateTimeOffset now)
    {
        if (alert.IsResolvedAt(now))
        {
            Over(alert, now);
        }
        else if (!_standings.ContainsKey(alert.Fingerprint))
        {
            Fires(alert, "fires since before this history begins", now);
        }
    }

    /// <param name="by">Sorted; empty where nobody suppresses it.</param>
    /// <param name="route">Of a mute; null for what suppresses on all routes.</param>
    internal void Suppression(Alert alert, string cause, IReadOnlyList<string> by, DateTimeOffset now, RoutingNode? route = null)
    {
        if (!_standings.TryGetValue(alert.Fingerprint, out var standing))
        {
            return;
        }
        // The usual case costs no text.
        if (by.Count == 0 && !standing.IsSuppressed)
        {
            return;
        }
        var scope = AlertStanding.Scope(cause, route?.Id ?? "");
        var before = standing.SuppressedBy(scope);
        if (before.SequenceEqual(by, StringComparer.Ordinal))
        {
            return;
        }
        standing.Suppress(scope, by);
        var verb = cause switch { SuppressionCause.Silence => "silenced", SuppressionCause.Inhibition => "inhibited", _ => "muted" };
        Add(Of(alert, now, by.Count > 0 ? AlertTransition.Suppressed : AlertTransition.Unsuppressed,
            (by.Count > 0 ? $"{verb} by " : $"no longer {verb} by ") + string.Join(", ", by.Count > 0 ? by : before)) with
        {
            Cause = cause,
            By = by.Count > 0 ? by : before,
            Receiver = route?.Receiver ?? "",
            Route = route?.Id ?? "",
        });
    }

    /// <summary>Leaves what came together to the journal's next commit.</summary>
    /// <returns>Whether there was anything.</returns>
    internal bool Write(DateTimeOffset now)
    {
        if (!IsWriting)
        {
            _unwritten.RemoveAll(transition => transition.At < now - HandoverTime);
        }
        if (_unwritten.Count == 0 || !IsWriting)
        {
            return false;
        }
        for (var from = 0; from < _unwritten.Count; from += MaxInChunk)
        {
            _chunks.Add(Write(_unwritten, from, Math.Min(from + MaxInChunk, _unwritten.Count)), now);
        }
        _unwritten = [];
        return true;
    }

    /// <summary>Takes in what another node has written: this one need not.</summary>
    internal void Receive(string key, byte[]? value, DateTimeOffset? expiresAt)
    {
        var written = new HashSet<(string, string, string)>();
        foreach (var transition in _chunks.Receive(key, value, expiresAt))
        {
            Replay(transition);
            written.Add((transition.Fingerprint, transition.State, transition.Cause));
        }
        _unwritten.RemoveAll(transition => written.Contains((transition.Fingerprint, transition.State, transition.Cause)));
    }

    /// <summary>Writes from here on, and what nobody has written since.</summary>
    internal void TakeOver(DateTimeOffset quietSince)
    {
        _unwritten.RemoveAll(transition => transition.At < quietSince);
        IsWriting = true;
    }

    private static IReadOnlyList<AlertTransition> Parse(byte[] value) =>
        JsonSerializer.Deserialize(value, StateJson.Default.AlertTransitionArray) ?? [];

    private static byte[] Write(List<AlertTransition> transitions, int from, int to)
    {
        var writer = RecordWriter.Begin();
        var json = writer.Json;
        json.WriteStartArray();
        for (var i = from; i < to; i++)
        {
            var transition = transitions[i];
            json.WriteStartObject();
            json.WriteString("At"u8, transition.At);
            json.WriteString("Fingerprint"u8, transition.Fingerprint);
            writer.Write("Labels"u8, transition.Labels);
            json.WriteString("State"u8, transition.State);
            json.WriteString("Reason"u8, transition.Reason);
            json.WriteString("Cause"u8, transition.Cause);
            json.WriteStartArray("By"u8);
            for (var by = 0; by < transition.By.Count; by++)
            {
                json.WriteStringValue(transition.By[by]);
            }
            json.WriteEndArray();
            json.WriteString("Receiver"u8, transition.Receiver);
            json.WriteString("Route"u8, transition.Route);
            json.WriteString("StartsAt"u8, transition.StartsAt);
            if (transition.EndsAt is { } endsAt)
            {
                json.WriteString("EndsAt"u8, endsAt);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        return writer.Finish();
    }

    private static AlertTransition Of(Alert alert, DateTimeOffset now, string state, string reason) => new()
    {
        At = now,
        Fingerprint = Alerts.Fingerprint.Text(alert.Fingerprint),
        Labels = HistoryLabels.Of(alert.Labels),
        State = state,
        Reason = reason,
        StartsAt = alert.StartsAt,
    };

    private void Fires(Alert alert, string reason, DateTimeOffset now)
    {
        _standings.Add(alert.Fingerprint, new AlertStanding());
        Add(Of(alert, now, AlertTransition.Firing, reason));
    }

    private void Over(Alert alert, DateTimeOffset now)
    {
        if (_standings.Remove(alert.Fingerprint))
        {
            var reason = alert.EndsAt > alert.UpdatedAt ? "not renewed until its end" : "its sender says that it is over";
            Add(Of(alert, now, AlertTransition.Resolved, reason) with { EndsAt = alert.EndsAt });
        }
    }

    private void Add(AlertTransition transition) => _unwritten.Add(transition);

    private void Replay(AlertTransition transition)
    {
        if (!ulong.TryParse(transition.Fingerprint, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var fingerprint))
        {
            return;
        }
        if (transition.State == AlertTransition.Resolved)
        {
            _standings.Remove(fingerprint);
            return;
        }
        if (!_standings.TryGetValue(fingerprint, out var standing))
        {
            _standings.Add(fingerprint, standing = new AlertStanding());
        }
        if (transition.Cause.Length > 0)
        {
            standing.Suppress(AlertStanding.Scope(transition.Cause, transition.Route),
                transition.State == AlertTransition.Suppressed ? transition.By : []);
        }
    }
}

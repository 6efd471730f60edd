using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>One rule group: evaluates its rules in order, stores what they produce and hands on their alerts.</summary>
/// <remarks>One evaluation at a time; <see cref="Snapshot"/> may be read by anybody.</remarks>
internal sealed class RuleGroupRuntime
{
    private readonly RuleEngineOptions _engine;
    private readonly IMetricStore _store;
    private readonly RuleQuery _query;
    private readonly Action<IReadOnlyList<Alert>> _sink;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RuleMetrics _metrics;
    private readonly List<RuleRuntime> _rules = [];
    private readonly List<LabelSet> _orphans = [];
    private RuleGroupSnapshot _snapshot;
    private int _evaluationsUntilRestored;

    /// <param name="restored">False at the start of the process: then waiting times are restored after the second
    /// evaluation, when scrapes and recording rules have had their turn.</param>
    public RuleGroupRuntime(RuleGroupOptions options, RuleEngineOptions engine, IMetricStore store, RuleQuery query,
        Action<IReadOnlyList<Alert>> sink, TimeProvider time, ILogger logger, RuleMetrics metrics, bool restored)
    {
        Options = options;
        _engine = engine;
        _store = store;
        _query = query;
        _sink = sink;
        _time = time;
        _logger = logger;
        _metrics = metrics;
        _evaluationsUntilRestored = restored ? 0 : 2;
        foreach (var rule in options.Rules)
        {
            _rules.Add(rule switch
            {
                RecordingRuleOptions recording => new RecordingRule(recording, options),
                AlertingRuleOptions alerting => new AlertingRule(alerting, options, engine, restored),
                _ => throw new ArgumentException($"unknown kind of rule {rule.GetType().Name}", nameof(options)),
            });
        }
        _snapshot = new RuleGroupSnapshot { Options = options, Rules = [.. _rules.Select(rule => rule.Snapshot)] };
    }

    public RuleGroupOptions Options { get; }

    public string Key => KeyOf(Options);

    public RuleGroupSnapshot Snapshot => Volatile.Read(ref _snapshot);

    public static string KeyOf(RuleGroupOptions options) => $"{options.File};{options.Name}";

    /// <summary>Takes over what the rules of an older form of this group remember; the older one must have stopped.</summary>
    public void CopyState(RuleGroupRuntime older)
    {
        _evaluationsUntilRestored = older._evaluationsUntilRestored;
        var left = older._rules.ToList();
        foreach (var rule in _rules)
        {
            if (left.Find(known => known.Identity == rule.Identity) is { } same)
            {
                left.Remove(same);
                rule.CopyState(same);
                rule.Snapshot = same.Snapshot with { Options = rule.Options };
            }
        }
        _orphans.AddRange(older._orphans.Concat(left.SelectMany(rule => rule.Series)));
        Publish(older.Snapshot.LastEvaluation, older.Snapshot.EvaluationTimeSeconds);
    }

    public void Evaluate(DateTimeOffset at, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        foreach (var rule in _rules)
        {
            if (cancellation.IsCancellationRequested)
            {
                return;
            }
            Evaluate(rule, at, cancellation);
        }
        if (_orphans.Count > 0)
        {
            Store([], _orphans, (at - Options.QueryOffset).ToUnixTimeMilliseconds(), "removed rules");
            _orphans.Clear();
        }
        if (_evaluationsUntilRestored > 0 && --_evaluationsUntilRestored == 0)
        {
            Restore(at, cancellation);
        }
        var seconds = _time.GetElapsedTime(started).TotalSeconds;
        _metrics.Iterated(Key, seconds);
        Publish(at, seconds);
    }

    /// <summary>Ends every series of the group: it was removed from the files.</summary>
    public void MarkStale(DateTimeOffset at) => Store([], [.. _rules.SelectMany(rule => rule.Series), .. _orphans],
        (at - Options.QueryOffset).ToUnixTimeMilliseconds(), "removed group");

    private void Evaluate(RuleRuntime rule, DateTimeOffset at, CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        var error = "";
        try
        {
            var samples = rule.Evaluate(_query, at, Options.QueryOffset, Options.Limit, cancellation);
            if (rule is AlertingRule alerting && alerting.TakeAlertsToSend(at, Options.Interval) is { Count: > 0 } alerts)
            {
                _sink(alerts);
            }
            var series = samples.Select(sample => sample.Labels).ToHashSet();
            var timeMs = (at - Options.QueryOffset).ToUnixTimeMilliseconds();
            error = Store(samples, [.. rule.Series.Where(labels => !series.Contains(labels))], timeMs, rule.Identity) ?? "";
            rule.Series = series;
        }
        catch (Exception exception) when (exception is QueryException or RuleFailedException)
        {
            error = exception.Message;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Rule {Rule} of group {Group} failed unexpectedly", rule.Identity, Key);
            error = $"unexpected {exception.GetType().Name}";
        }
        var seconds = _time.GetElapsedTime(started).TotalSeconds;
        _metrics.Evaluated(Key, seconds, error.Length > 0);
        if (error.Length > 0)
        {
            _logger.LogWarning("Evaluating rule {Rule} of group {Group} failed: {Error}", rule.Identity, Key, error);
        }
        rule.Snapshot = rule.WithAlerts(rule.Snapshot with
        {
            Health = error.Length > 0 ? "err" : "ok",
            LastError = error,
            LastEvaluation = at,
            EvaluationTimeSeconds = seconds,
        });
    }

    /// <returns>Null, or why nothing was stored.</returns>
    private string? Store(IReadOnlyList<VectorSample> samples, IReadOnlyList<LabelSet> ended, long timeMs, string what)
    {
        if (samples.Count + ended.Count == 0)
        {
            return null;
        }
        var refused = 0;
        using var appender = _store.Appender();
        foreach (var sample in samples)
        {
            refused += Append(appender, sample.Labels, timeMs, sample.Value, sample.Histogram) ? 0 : 1;
        }
        foreach (var labels in ended)
        {
            Append(appender, labels, timeMs, StaleMarker.Value);
        }
        try
        {
            appender.Commit();
        }
        catch (IOException exception)
        {
            return $"result could not be stored: {exception.Message}";
        }
        if (refused > 0)
        {
            _logger.LogWarning("Store refused {Refused} of {Count} samples of {Rule} in group {Group}", refused, samples.Count, what, Key);
        }
        return null;
    }

    private static bool Append(
        IMetricAppender appender, LabelSet labels, long timeMs, double value, NativeHistogram? histogram = null)
    {
        var reference = 0UL;
        var result = histogram is null ? appender.Append(ref reference, labels, timeMs, value)
            : appender.Append(ref reference, labels, timeMs, histogram);
        return result is AppendResult.Ok or AppendResult.SameAsStored;
    }

    private void Restore(DateTimeOffset at, CancellationToken cancellation)
    {
        foreach (var rule in _rules.OfType<AlertingRule>())
        {
            try
            {
                ForStateRestorer.Restore(rule, _store, _engine, at, cancellation);
            }
            catch (IOException exception)
            {
                _logger.LogError(exception, "Waiting times of {Rule} could not be restored", rule.Identity);
                rule.IsRestored = true;
            }
            rule.Snapshot = rule.WithAlerts(rule.Snapshot);
        }
    }

    private void Publish(DateTimeOffset? at, double seconds) => Volatile.Write(ref _snapshot, new RuleGroupSnapshot
    {
        Options = Options,
        LastEvaluation = at,
        EvaluationTimeSeconds = seconds,
        Rules = [.. _rules.Select(rule => rule.Snapshot)],
    });
}

using Pharos.Alerting.Alerts;
using Pharos.Alerting.Templates;
using Pharos.Query.Results;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>Keeps one alert for each element of its result: pending, then firing, then resolved.</summary>
internal sealed class AlertingRule : RuleRuntime
{
    public const string AlertsMetric = "ALERTS";
    public const string ForStateMetric = "ALERTS_FOR_STATE";

    /// <summary>How long a resolved alert is sent again, so that a receiver that was away learns of it.</summary>
    private static readonly TimeSpan ResolvedRetention = TimeSpan.FromMinutes(15);

    private readonly AlertingRuleOptions _options;
    private readonly RuleEngineOptions _engine;
    private readonly LabelSet _externalLabels;
    private readonly IReadOnlyList<(string Name, RuleTemplate Template)> _labels;
    private readonly IReadOnlyList<(string Name, RuleTemplate Template)> _annotations;

    /// <summary>The page that shows what the rule asks, behind the server's address.</summary>
    private readonly string _page;
    private Dictionary<LabelSet, RuleAlert> _active = [];

    public AlertingRule(AlertingRuleOptions options, RuleGroupOptions group, RuleEngineOptions engine, bool restored)
        : base(options, group)
    {
        _options = options;
        _engine = engine;
        IsRestored = restored;
        _externalLabels = Merge(engine.ExternalLabels, group.ExternalLabels);
        var query = EscapeQuery(Expression.ToString());
        _page = group.LogTenant is null ? $"graph?g0.expr={query}&g0.tab=1" : $"logs?query={query}";
        _labels = Compile(Labels);
        _annotations = Compile(options.Annotations);
    }

    public override string Identity => IdentityOf("alert", _options.Alert, Labels);

    public TimeSpan For => _options.For;

    /// <summary>Until then no series are written, so that those of before the restart can still be read.</summary>
    public bool IsRestored { get; set; }

    public IEnumerable<RuleAlert> Active => _active.Values;

    public override IReadOnlyList<VectorSample> Evaluate(
        RuleQuery query, DateTimeOffset at, TimeSpan offset, int limit, CancellationToken cancellation)
    {
        var timeMs = (at - offset).ToUnixTimeMilliseconds();
        var found = Expand(query, query(Expression, timeMs, cancellation), at, timeMs, cancellation);
        foreach (var alert in found.Values)
        {
            if (_active.TryGetValue(alert.Labels, out var known) && known.State != RuleAlertState.Inactive)
            {
                known.Value = alert.Value;
                known.Annotations = alert.Annotations;
            }
            else
            {
                _active[alert.Labels] = alert;
            }
        }
        var samples = new List<VectorSample>();
        var count = 0;
        foreach (var alert in _active.Values.ToArray())
        {
            if (Advance(alert, found.ContainsKey(alert.Labels), at))
            {
                count++;
                if (IsRestored)
                {
                    samples.Add(StateSample(alert, timeMs));
                    samples.Add(new VectorSample(
                        alert.Labels.With(Label.MetricName, ForStateMetric), timeMs, alert.ActiveAt.ToUnixTimeSeconds()));
                }
            }
        }
        if (limit > 0 && count > limit)
        {
            _active = [];
            throw new RuleFailedException($"exceeded limit of {limit} with {count} alerts");
        }
        return samples;
    }

    /// <summary>The alerts that are due to be sent at this evaluation.</summary>
    public IReadOnlyList<Alert> TakeAlertsToSend(DateTimeOffset at, TimeSpan interval)
    {
        // Long enough for two evaluations or sendings to fail.
        var validity = 4 * (interval > _engine.ResendDelay ? interval : _engine.ResendDelay);
        var alerts = new List<Alert>();
        foreach (var alert in _active.Values.Where(alert => alert.NeedsSending(at, _engine.ResendDelay)))
        {
            alert.LastSentAt = at;
            alerts.Add(new Alert
            {
                Labels = Merge(_externalLabels, alert.Labels),
                Annotations = alert.Annotations,
                StartsAt = alert.FiredAt,
                EndsAt = alert.ResolvedAt ?? at + validity,
                GeneratorUrl = $"{_engine.ExternalUrl}/{_page}",
                UpdatedAt = at,
            });
        }
        return alerts;
    }

    public override RuleSnapshot WithAlerts(RuleSnapshot snapshot)
    {
        var alerts = _active.Values.Where(alert => alert.State != RuleAlertState.Inactive)
            .OrderBy(alert => alert.Labels)
            .Select(alert => new RuleAlertSnapshot(
                alert.Labels, alert.Annotations, alert.State, alert.ActiveAt, alert.Value, alert.KeepFiringSince))
            .ToArray();
        return snapshot with { Alerts = alerts, State = alerts.Length == 0 ? RuleAlertState.Inactive : alerts.Max(alert => alert.State) };
    }

    public override void CopyState(RuleRuntime older)
    {
        Series = older.Series;
        if (older is AlertingRule rule)
        {
            _active = rule._active;
            IsRestored = rule.IsRestored;
        }
    }

    /// <returns>Whether the alert is pending or firing after this evaluation.</returns>
    private bool Advance(RuleAlert alert, bool isPresent, DateTimeOffset at)
    {
        if (isPresent)
        {
            alert.KeepFiringSince = null;
        }
        else if (!KeepsFiring(alert, at))
        {
            if (alert.State == RuleAlertState.Pending
                || (alert.State == RuleAlertState.Inactive && at - alert.ResolvedAt > ResolvedRetention))
            {
                _active.Remove(alert.Labels);
            }
            if (alert.State != RuleAlertState.Inactive)
            {
                alert.State = RuleAlertState.Inactive;
                alert.ResolvedAt = at;
            }
            return false;
        }
        if (alert.State == RuleAlertState.Pending && at - alert.ActiveAt >= _options.For)
        {
            alert.State = RuleAlertState.Firing;
            alert.FiredAt = at;
        }
        return true;
    }

    private bool KeepsFiring(RuleAlert alert, DateTimeOffset at)
    {
        if (alert.State != RuleAlertState.Firing || _options.KeepFiringFor <= TimeSpan.Zero)
        {
            return false;
        }
        alert.KeepFiringSince ??= at;
        return at - alert.KeepFiringSince < _options.KeepFiringFor;
    }

    private Dictionary<LabelSet, RuleAlert> Expand(RuleQuery query, IReadOnlyList<VectorSample> result, DateTimeOffset at,
        long timeMs, CancellationToken cancellation)
    {
        var found = new Dictionary<LabelSet, RuleAlert>();
        foreach (var sample in result)
        {
            var context = new RuleTemplateContext
            {
                Labels = sample.Labels,
                Value = sample.Value,
                ExternalLabels = _externalLabels,
                ExternalUrl = _engine.ExternalUrl,
                Now = at,
                Query = text => [.. query(RuleExpression.Of(text, Expression.Metrics is null), timeMs, cancellation)
                    .Select(element => new TemplateSample(element.Labels, element.Value))],
            };
            var labels = new LabelSetBuilder(sample.Labels).Remove(Label.MetricName);
            foreach (var (name, template) in _labels)
            {
                labels.Set(name, template.Expand(context));
            }
            var alert = new RuleAlert(labels.Set("alertname", _options.Alert).Build(), at)
            {
                Value = sample.Value,
                Annotations = LabelSet.OfTexts(_annotations.Select(
                    pair => KeyValuePair.Create(pair.Name, pair.Template.Expand(context)))),
            };
            if (!found.TryAdd(alert.Labels, alert))
            {
                throw new RuleFailedException("vector contains metrics with the same labelset after applying alert labels");
            }
        }
        return found;
    }

    /// <summary>Both, and the second one's where they differ.</summary>
    private static LabelSet Merge(LabelSet first, LabelSet second)
    {
        var labels = new LabelSetBuilder(first);
        foreach (var label in second.Span)
        {
            labels.Set(label.Name, label.Value);
        }
        return labels.Build();
    }

    private static VectorSample StateSample(RuleAlert alert, long timeMs) => new(
        new LabelSetBuilder(alert.Labels).Set(Label.MetricName, AlertsMetric)
            .Set("alertstate", alert.State == RuleAlertState.Firing ? "firing" : "pending").Build(),
        timeMs, 1);

    /// <summary>Go's url.QueryEscape: a blank becomes a plus.</summary>
    private static string EscapeQuery(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private IReadOnlyList<(string Name, RuleTemplate Template)> Compile(IReadOnlyList<Label> texts) =>
        [.. texts.Select(text => (text.Name, RuleTemplate.Parse($"__alert_{_options.Alert}", text.Value)))];
}

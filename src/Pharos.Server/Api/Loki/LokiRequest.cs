using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Logs;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Loki;

/// <summary>One call of Loki's API with its tenant and its parameters.</summary>
internal sealed class LokiRequest(HttpContext context, RequestValues values, LokiTenants tenants, TimeProvider time)
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>Whole numbers up to so many digits are seconds, longer ones nanoseconds.</summary>
    private const int MaxSecondsDigits = 10;

    public HttpContext Context => context;

    public CancellationToken Cancellation => context.RequestAborted;

    public LokiConfig Config => tenants.Config;

    public long NowNs { get; } = NanosecondTime.Of(time.GetUtcNow());

    /// <summary>Of a request that reads.</summary>
    public IReadOnlyList<string> Tenants => LokiTenancy.Some(context, tenants.Config);

    /// <summary>Of a request that writes.</summary>
    public string Tenant => LokiTenancy.One(context, tenants.Config);

    /// <summary>Of the first tenant; a request of several keeps to each one's where it matters.</summary>
    public LokiLimits Limits => tenants.LimitsOf(Tenants[0]);

    public string Text(string name) => values[name];

    public IReadOnlyList<string> All(string name) => values.All(name);

    /// <exception cref="LokiRefusal">The parameter is missing.</exception>
    public string Required(string name) =>
        values[name] is { Length: > 0 } text ? text : throw LokiRefusal.BadRequest($"{name} parameter is required");

    public long Time(string name, long otherwiseNs) => values[name] is { Length: > 0 } text ? ParseTime(name, text) : otherwiseNs;

    /// <summary>Where a question begins and ends: <c>start</c>, <c>end</c> and <c>since</c>.</summary>
    public (long StartNs, long EndNs) Range(TimeSpan otherwise)
    {
        var since = values["since"] is { Length: > 0 } text ? ParseDuration("since", text) : otherwise.Ticks * TimeSpan.NanosecondsPerTick;
        var endNs = Time("end", NowNs);
        // An end in the future: the last hour is that before now.
        var startNs = Time("start", Math.Min(endNs, NowNs) - since);
        return endNs >= startNs ? (startNs, endNs)
            : throw LokiRefusal.BadRequest("end timestamp must not be before or equal to start time");
    }

    /// <summary>A whole number of one or more.</summary>
    public int Count(string name, int otherwise)
    {
        if (values[name] is not { Length: > 0 } text)
        {
            return otherwise;
        }
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw LokiRefusal.BadRequest($"strconv.ParseUint: parsing {GoQuote.Quote(text)}: invalid syntax");
        }
        return number > 0 ? (int)Math.Min(number, int.MaxValue) : throw LokiRefusal.BadRequest($"{name} must be a positive value");
    }

    /// <summary>A number of seconds or a duration, in nanoseconds; 0 where it is missing.</summary>
    public long Duration(string name) => values[name] is { Length: > 0 } text ? ParseDuration(name, text) : 0;

    public bool IsForward => values["direction"].ToLowerInvariant() switch
    {
        "" or "backward" => false,
        "forward" => true,
        var other => throw LokiRefusal.BadRequest($"invalid direction '{other}'"),
    };

    private static long ParseTime(string name, string text)
    {
        if (text.Contains('.', StringComparison.Ordinal) && text.AsSpan().IndexOfAnyExcept("0123456789.-") < 0
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return (long)Math.Clamp(seconds * NsPerSecond, long.MinValue, long.MaxValue);
        }
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return text.Length <= MaxSecondsDigits ? whole * NsPerSecond : whole;
        }
        return NanosecondTime.TryParse(text, out var timeNs) ? timeNs
            : throw LokiRefusal.BadRequest($"could not parse '{name}' parameter: {GoQuote.Quote(text)} is no time");
    }

    private static long ParseDuration(string name, string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds))
        {
            return (long)Math.Clamp(seconds * NsPerSecond, long.MinValue / 2d, long.MaxValue / 2d);
        }
        return PrometheusDuration.TryParse(text, out var duration) || GoDuration.TryParse(text, out duration)
            ? duration.Ticks * TimeSpan.NanosecondsPerTick
            : throw LokiRefusal.BadRequest($"could not parse '{name}' parameter: {GoQuote.Quote(text)} is no duration");
    }
}

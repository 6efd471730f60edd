using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pharos.Query.TraceQL;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Server.Traces;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Tempo;

/// <summary>One call of Tempo's API with its tenant and its parameters.</summary>
internal sealed class TempoRequest(HttpContext context, RequestValues values, TraceTenancy tenancy, TimeProvider time)
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>Whole numbers below this are seconds, above it nanoseconds.</summary>
    private const long FirstNanoseconds = 100_000_000_000;

    public HttpContext Context => context;

    public CancellationToken Cancellation => context.RequestAborted;

    /// <summary>Empty where nobody asks for tenants.</summary>
    public string Tenant { get; } = TempoTenancy.Of(context, tenancy);

    /// <summary>Whether the client wants protobuf.</summary>
    public bool WantsProtobuf => context.Request.Headers.Accept.ToString().Contains("application/protobuf", StringComparison.Ordinal);

    public string Text(string name) => values[name];

    public bool Has(string name) => values[name].Length > 0;

    /// <summary>Where a search begins and ends, in seconds; anywhere where nothing is said.</summary>
    public (long StartNs, long EndNs) Range()
    {
        var (start, end) = (Seconds("start"), Seconds("end"));
        if (start is not null && end is not null && start >= end)
        {
            throw TempoRefusal.BadRequest($"http parameter start must be before end. received start={start} end={end}");
        }
        return (start is > 0 ? start.Value * NsPerSecond : long.MinValue, end is > 0 ? end.Value * NsPerSecond : long.MaxValue);
    }

    /// <summary>Where numbers begin and end: seconds, nanoseconds or RFC 3339, or a time before now.</summary>
    public (long StartNs, long EndNs) MetricsRange()
    {
        var now = NanosecondTime.Of(time.GetUtcNow());
        var since = Has("since") ? Duration("since") : 3600 * NsPerSecond;
        var end = Has("end") ? Time("end") : now;
        var start = Has("start") ? Time("start") : Math.Min(end, now) - since;
        return start < end ? (start, end) : throw TempoRefusal.BadRequest("end must be greater than start");
    }

    /// <summary>A whole number of one or more.</summary>
    public int Count(string name, int otherwise, string calledAs)
    {
        if (!Has(name))
        {
            return otherwise;
        }
        if (!long.TryParse(values[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw TempoRefusal.BadRequest($"invalid {calledAs}: strconv.Atoi: parsing {GoQuote.Quote(values[name])}: invalid syntax");
        }
        return number > 0 ? (int)Math.Min(number, int.MaxValue) : throw TempoRefusal.BadRequest($"invalid {calledAs}: must be a positive number");
    }

    /// <summary>In nanoseconds; a number alone is seconds.</summary>
    public long Duration(string name)
    {
        if (double.TryParse(values[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e9)
        {
            return (long)(seconds * NsPerSecond);
        }
        return TraceDuration.TryParse(values[name], out var ns) ? ns
            : throw TempoRefusal.BadRequest($"invalid {name}: time: invalid duration {GoQuote.Quote(values[name])}");
    }

    /// <exception cref="TempoRefusal">It is no TraceQL.</exception>
    public TraceQuery Query(string text)
    {
        try
        {
            return TraceParser.Parse(text);
        }
        catch (TraceParseException e)
        {
            throw TempoRefusal.BadRequest($"invalid TraceQL query: {e.Message}");
        }
    }

    private long? Seconds(string name)
    {
        if (!Has(name))
        {
            return null;
        }
        return long.TryParse(values[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < long.MaxValue / NsPerSecond ? seconds
            : throw TempoRefusal.BadRequest($"invalid {name}: strconv.ParseInt: parsing {GoQuote.Quote(values[name])}: invalid syntax");
    }

    private long Time(string name)
    {
        if (long.TryParse(values[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return Math.Abs(whole) < FirstNanoseconds ? whole * NsPerSecond : whole;
        }
        if (decimal.TryParse(values[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < FirstNanoseconds)
        {
            return (long)(seconds * NsPerSecond);
        }
        return NanosecondTime.TryParse(values[name], out var ns) ? ns
            : throw TempoRefusal.BadRequest($"invalid {name}: {GoQuote.Quote(values[name])} is no time");
    }
}

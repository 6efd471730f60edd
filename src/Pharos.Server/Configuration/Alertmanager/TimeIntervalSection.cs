using Pharos.Alerting.TimeIntervals;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads <c>time_intervals</c> and the older <c>mute_time_intervals</c>.</summary>
internal static class TimeIntervalSection
{
    private delegate string? RangeParser(string text, out IntRange range);

    public static IReadOnlyList<NamedTimeIntervals> ReadAll(YamlMappingReader file)
    {
        var all = new List<NamedTimeIntervals>();
        foreach (var key in (ReadOnlySpan<string>)["mute_time_intervals", "time_intervals"])
        {
            foreach (var item in file.List(key))
            {
                if (item.AsMapping() is not { } map)
                {
                    continue;
                }
                var name = map.Text("name");
                var kind = key == "time_intervals" ? "time interval" : "mute time interval";
                map.ErrorUnless(name.Length > 0, "name", $"missing name in {kind}");
                map.ErrorUnless(!all.Exists(other => other.Name == name), "name", $"{kind} {YamlValue.Echo(name)} is not unique");
                all.Add(new NamedTimeIntervals { Name = name, Intervals = ReadIntervals(map) });
                map.Done();
            }
        }
        return all;
    }

    private static List<TimeInterval> ReadIntervals(YamlMappingReader owner)
    {
        var intervals = new List<TimeInterval>();
        foreach (var item in owner.List("time_intervals"))
        {
            if (item.AsMapping() is not { } map)
            {
                continue;
            }
            intervals.Add(new TimeInterval
            {
                MinutesOfDay = ReadTimes(map),
                Weekdays = ReadRanges(map, "weekdays", TimeIntervalParser.ParseWeekdays),
                DaysOfMonth = ReadRanges(map, "days_of_month", TimeIntervalParser.ParseDaysOfMonth),
                Months = ReadRanges(map, "months", TimeIntervalParser.ParseMonths),
                Years = ReadRanges(map, "years", TimeIntervalParser.ParseYears),
                Location = ReadLocation(map),
            });
            map.Done();
        }
        return intervals;
    }

    private static List<IntRange> ReadTimes(YamlMappingReader map)
    {
        var times = new List<IntRange>();
        foreach (var item in map.List("times"))
        {
            if (item.AsMapping() is not { } time)
            {
                continue;
            }
            if (TimeIntervalParser.ParseTimes(time.Text("start_time"), time.Text("end_time"), out var minutes) is { } error)
            {
                item.Error(error);
            }
            times.Add(minutes);
            time.Done();
        }
        return times;
    }

    private static List<IntRange> ReadRanges(YamlMappingReader map, string key, RangeParser parse)
    {
        var ranges = new List<IntRange>();
        foreach (var item in map.List(key))
        {
            if (item.AsText() is not { } text)
            {
                continue;
            }
            if (parse(text, out var range) is { } error)
            {
                item.Error(error);
            }
            else if (key == "months" && (range.First < 1 || range.Last > 12))
            {
                item.Warning("months are numbered from 1 to 12; others never come");
            }
            ranges.Add(range);
        }
        return ranges;
    }

    private static TimeZoneInfo ReadLocation(YamlMappingReader map)
    {
        if (map.Find("location") is { } value && value.AsText() is { } text)
        {
            if (TimeIntervalParser.ParseLocation(text, out var location) is { } error)
            {
                value.Error(error);
            }
            return location;
        }
        return TimeZoneInfo.Utc;
    }
}

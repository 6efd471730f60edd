using Pharos.Alerting.Rules;
using Pharos.Server.Checks.Rules;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Rules;
using Pharos.Storage.Text;

namespace Pharos.Server.Checks.RuleTests;

/// <summary>Runs files of rule tests: what <c>promtool test rules</c> does, with its output.</summary>
public sealed class RuleTestRun(RuleTestOptions options, TimeProvider time, TextWriter output, TextWriter errorOutput)
{
    private readonly GoRegex? _run = options.Run.Count == 0 ? null : GoRegex.Unanchored(string.Join('|', options.Run));
    private readonly JUnitReport _report = new(time);

    /// <returns>0 where every test passes, otherwise 1.</returns>
    public async Task<int> RunAsync(IEnumerable<string> files, CancellationToken cancellation)
    {
        var failed = false;
        foreach (var file in files)
        {
            output.WriteLine($"Unit Testing:  {file}");
            var suite = _report.Suite(file);
            var errors = await RunAsync(file, suite, cancellation);
            if (errors.Count > 0)
            {
                failed = true;
                errorOutput.WriteLine("  FAILED:");
                foreach (var error in errors)
                {
                    errorOutput.WriteLine(error);
                    output.WriteLine();
                }
            }
            else
            {
                output.WriteLine("  SUCCESS");
            }
            output.WriteLine();
        }
        return failed ? 1 : 0;
    }

    /// <summary>Writes the results of all files as JUnit's XML.</summary>
    public void WriteReport(Stream to) => _report.Write(to);

    private async Task<IReadOnlyList<string>> RunAsync(string path, JUnitReport.TestSuite suite, CancellationToken cancellation)
    {
        var (file, errors) = RuleTestFile.Read(path, options.IgnoreUnknownFields);
        if (file is null)
        {
            suite.Abort(errors);
            return errors;
        }
        var all = new List<string>();
        for (var i = 0; i < file.Tests.Count; i++)
        {
            var group = file.Tests[i];
            if (_run is not null && !_run.IsMatch(group.Name))
            {
                continue;
            }
            var name = group.Name.Length > 0 ? group.Name : $"unnamed#{i}";
            var failures = await RunAsync(name, group, file, cancellation);
            suite.Case(name, failures);
            all.AddRange(failures);
        }
        return all;
    }

    private async Task<IReadOnlyList<string>> RunAsync(
        string name, RuleTestGroup group, RuleTestFile file, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        if (options.Debug)
        {
            output.WriteLine($"DEBUG: Starting test {name}");
        }
        var (rules, errors) = Rules(group, file);
        if (errors.Count == 0)
        {
            var run = new RuleTestGroupRun(group, file, rules, options, time);
            errors = await run.RunAsync(cancellation);
            if (options.Debug)
            {
                output.WriteLine($"DEBUG: Dump of all data (input_series and rules) {run.Data}");
            }
        }
        if (options.Debug)
        {
            output.WriteLine($"DEBUG: Test {name} finished, took {GoDuration.Format(time.GetElapsedTime(started))}");
        }
        return errors;
    }

    private (IReadOnlyList<RuleGroupOptions> Groups, IReadOnlyList<string> Errors) Rules(RuleTestGroup group, RuleTestFile file)
    {
        var defaults = new RuleDefaults(group.Interval, TimeSpan.Zero, LegacyNames: false);
        var groups = new List<RuleGroupOptions>();
        var errors = new List<string>();
        foreach (var pattern in file.RuleFiles)
        {
            var paths = FileGlob.Expand(pattern).Where(File.Exists).ToList();
            if (paths.Count == 0)
            {
                errorOutput.WriteLine($"  WARNING: no file match pattern {pattern}");
            }
            foreach (var path in paths)
            {
                var text = ConfigText.TryRead(path, out var read, out var unreadable) ? read : "";
                var (found, report) = unreadable.Length == 0 ? RuleFile.ReadText(path, text, defaults, options.IgnoreUnknownFields)
                    : new RuleReadResult([], new ConfigFileReport { File = path, Kind = ConfigFileKind.Rules, Unreadable = unreadable });
                groups.AddRange(found);
                errors.AddRange(RuleFaultTexts.Of(text, report, $"{path}: "));
            }
        }
        var order = file.GroupEvalOrder.ToList();
        // A group that the order does not name counts as its first, as promtool has it.
        return ([.. groups.OrderBy(one => Math.Max(0, order.IndexOf(one.Name)))], errors);
    }
}

using Pharos.Alerting.Rules;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Rules;

namespace Pharos.Server.Checks.Rules;

/// <summary>What <c>promtool check rules</c> does, with its output.</summary>
public sealed class RuleFileCheck(LintSettings lint, bool ignoreUnknownFields, TextWriter output, TextWriter errorOutput)
{
    private const string StandardInput = "-";
    private static readonly RuleDefaults Defaults = new(TimeSpan.FromMinutes(1), TimeSpan.Zero, LegacyNames: false);

    private bool _hasErrors;
    private bool _failed;

    /// <summary>0 where all is well, 1 where a file is wrong, 3 where only lint is found and is fatal.</summary>
    public int ExitCode => _hasErrors ? CheckExit.Failure : _failed && lint.Fatal ? CheckExit.Lint : CheckExit.Success;

    public void CheckFiles(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            output.WriteLine($"Checking {file}");
            var text = ConfigText.TryRead(file, out var read, out var unreadable) ? read : "";
            var result = unreadable.Length == 0 ? RuleFile.ReadText(file, text, Defaults, ignoreUnknownFields)
                : new RuleReadResult([], new ConfigFileReport { File = file, Kind = ConfigFileKind.Rules, Unreadable = unreadable });
            Report(result.Groups, RuleFaultTexts.Of(text, result.Report, $"{file}: "));
        }
    }

    public void CheckText(string text)
    {
        output.WriteLine("Checking standard input");
        var result = RuleFile.ReadText(StandardInput, text, Defaults, ignoreUnknownFields);
        Report(result.Groups, RuleFaultTexts.Of(text, result.Report, ""));
    }

    private void Report(IReadOnlyList<RuleGroupOptions> groups, IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
        {
            Fail(faults);
            _hasErrors = true;
            return;
        }
        var duplicates = lint.ChecksDuplicateRules ? DuplicateRules.Find(groups) : [];
        if (duplicates.Count > 0)
        {
            Fail([$"lint error {duplicates.Count} duplicate rule(s) found.\n" + string.Concat(duplicates.Select(static rule =>
                $"Metric: {rule.Name}\nLabel(s):\n" + string.Concat(rule.Labels.Select(static label => $"\t{label.Name}: {label.Value}\n"))))
                + "Might cause inconsistency while recording expressions"]);
        }
        else
        {
            output.WriteLine($"  SUCCESS: {groups.Sum(static group => group.Rules.Count)} rules found");
        }
        output.WriteLine();
    }

    private void Fail(IReadOnlyList<string> faults)
    {
        _failed = true;
        errorOutput.WriteLine("  FAILED:");
        foreach (var fault in faults)
        {
            errorOutput.WriteLine(fault);
        }
    }
}

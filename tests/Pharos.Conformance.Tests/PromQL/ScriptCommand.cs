namespace Pharos.Conformance.Tests.PromQL;

/// <summary>A command of a script: its first line and the lines that belong to it.</summary>
internal sealed record ScriptCommand(int LineNumber, string First, IReadOnlyList<string> Rest)
{
    public static IReadOnlyList<ScriptCommand> Read(string path)
    {
        var commands = new List<ScriptCommand>();
        List<string>? rest = null;
        var lines = File.ReadAllText(path).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                rest = null;
            }
            else if (rest is not null)
            {
                rest.Add(line);
            }
            else
            {
                rest = [];
                commands.Add(new ScriptCommand(i + 1, line, rest));
                if (line.Equals("clear", StringComparison.OrdinalIgnoreCase))
                {
                    rest = null;
                }
            }
        }
        return commands;
    }
}

using System.Globalization;
using Pharos.Fuzz;
using Pharos.Fuzz.Execution;
using Pharos.Fuzz.Hunting;
using Pharos.Fuzz.Targets;

const string Usage = """
    pharos fuzzing: feeds parsers and decoders mutated input and keeps what breaks them in artifacts/fuzz
      list                                 the targets
      hunt TARGET|all SECONDS [SEED]       SECONDS for each target
      run TARGET FILE...                   one input, as the tests replay it
    """;

switch (args)
{
    case ["list"]:
        AllTargets.Create().ForEach(static target => Console.WriteLine(target.Name));
        return 0;
    case ["hunt", var name, var seconds, .. var rest]:
        var seed = rest is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : Environment.TickCount & int.MaxValue;
        var executions = 0L;
        foreach (var target in AllTargets.Named(name))
        {
            executions += await new Supervisor(target, seed).HuntAsync(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        }
        Console.WriteLine($"{executions} executions in all");
        return 0;
    case ["child", var name, var seconds, var childSeed, var statePath]:
        var hunter = new Hunter(AllTargets.Named(name).Single(), int.Parse(childSeed, CultureInfo.InvariantCulture),
            TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), statePath);
        Executor.OnSmallStack(hunter.Run);
        return 0;
    case ["run", var name, .. var files]:
        var executor = new Executor(AllTargets.Named(name).Single());
        Executor.OnSmallStack(() =>
        {
            foreach (var file in files)
            {
                var verdict = executor.Run(File.ReadAllBytes(file));
                Console.WriteLine($"{file}: {verdict.Shape}\n{verdict.Problem} {verdict.Detail}");
            }
        });
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

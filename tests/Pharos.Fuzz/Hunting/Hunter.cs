using System.Diagnostics;
using System.Globalization;
using Pharos.Fuzz.Execution;
using Pharos.Fuzz.Mutation;

namespace Pharos.Fuzz.Hunting;

/// <summary>The child process: mutates, runs, keeps what is new, until its time is over. Its own end tells the parent of what it
/// could not survive.</summary>
internal sealed class Hunter(FuzzTarget target, int seed, TimeSpan time, string statePath)
{
    private const int MaxPool = 4_000;

    private readonly Findings _findings = new(target);
    private readonly Dictionary<string, int> _shapes = new(StringComparer.Ordinal);
    private readonly List<byte[]> _pool = [];

    public void Run()
    {
        using var state = new HuntState(statePath);
        var clock = Stopwatch.StartNew();
        var random = new Random(seed);
        var executor = new Executor(target);
        var mutator = new Mutator(random, target.Form, target.Tokens);
        foreach (var (_, bytes) in Corpus.Inputs(target))
        {
            Try(executor, state, bytes);
            _pool.Add(bytes);
        }
        if (_pool.Count == 0)
        {
            _pool.Add([]);
        }
        while (clock.Elapsed < time)
        {
            var input = (random.Next(3) == 0 ? target.Generate(random) : null) ?? Chosen(random);
            Try(executor, state, random.Next(8) == 0 ? input : mutator.Mutate(input, _pool));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {_shapes.Count} shapes, {_pool.Count} inputs kept"));
    }

    /// <summary>The newer an input, the likelier: there is more to be found beside it. The shorter, the likelier, too: it takes
    /// less time.</summary>
    private byte[] Chosen(Random random)
    {
        var one = _pool[random.Next(_pool.Count)];
        var other = _pool[random.Next(2) == 0 ? random.Next(_pool.Count) : _pool.Count - 1 - random.Next(Math.Min(_pool.Count, 50))];
        return random.Next(8) > 0 && one.Length < other.Length ? one : other;
    }

    private void Try(Executor executor, HuntState state, byte[] input)
    {
        state.Begin(input);
        var verdict = executor.Run(input);
        if (verdict.Problem is not null && _findings.Keep(input, verdict.Problem, verdict.Detail))
        {
            Console.WriteLine($"    FOUND {target.Name}: {verdict.Problem}: {verdict.Detail.Split('\n')[0]}");
        }
        if (_shapes.Count < MaxPool && _shapes.TryAdd(verdict.Shape, _pool.Count))
        {
            _pool.Add(input);
        }
        else if (_shapes.TryGetValue(verdict.Shape, out var at) && at < _pool.Count && input.Length < _pool[at].Length / 2)
        {
            // The same with less: mutations hit more often what matters.
            _pool[at] = input;
        }
    }
}

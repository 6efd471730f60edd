namespace Pharos.Collection.Sampling;

/// <summary>Adapts the probability with which each operation of each service is sampled to a target of traces per second.</summary>
/// <remarks>Thread-safe. Counts root spans that say how they were sampled; <see cref="Recalculate"/> is called once per interval. A service
/// whose spans name another probability than it was told does not listen, and keeps what it has. In one process: nobody to elect.</remarks>
public sealed class AdaptiveSampling(AdaptiveSamplingOptions options)
{
    private readonly Lock _lock = new();

    /// <summary>Bounded by <see cref="AdaptiveSamplingOptions.MaxOperations"/>; an operation that samples nothing for all buckets is forgotten.</summary>
    private readonly Dictionary<(string Service, string Operation), OperationState> _operations = [];

    /// <summary>Counts a root span.</summary>
    /// <param name="samplerType">Its tag <c>sampler.type</c>; of spans that a lower bound let through only the operation is noted.</param>
    /// <param name="samplerParam">Its tag <c>sampler.param</c>.</param>
    public void Count(string service, string operation, string samplerType, double samplerParam)
    {
        if (service.Length == 0 || operation.Length == 0 || samplerType is not ("probabilistic" or "lowerbound"))
        {
            return;
        }
        lock (_lock)
        {
            if (!_operations.TryGetValue((service, operation), out var state))
            {
                if (_operations.Count >= options.MaxOperations)
                {
                    return;
                }
                state = new OperationState(options);
                _operations.Add((service, operation), state);
            }
            state.Seen = true;
            state.Listens |= Same(samplerParam, state.Probability);
            state.Count += samplerType == "probabilistic" ? 1 : 0;
        }
    }

    /// <summary>Ends an interval and decides anew.</summary>
    public void Recalculate()
    {
        lock (_lock)
        {
            foreach (var (key, state) in _operations)
            {
                state.EndInterval(options);
                if (state.IdleIntervals > options.AggregationBuckets)
                {
                    _operations.Remove(key);
                }
            }
        }
    }

    public SamplingStrategy Of(string service)
    {
        var operations = new List<OperationStrategy>();
        lock (_lock)
        {
            foreach (var (key, state) in _operations)
            {
                if (key.Service == service)
                {
                    operations.Add(new OperationStrategy(key.Operation, state.Probability));
                }
            }
        }
        operations.Sort(static (left, right) => string.CompareOrdinal(left.Operation, right.Operation));
        return SamplingStrategy.Probabilistic(options.InitialSamplingProbability) with
        {
            Operations = new OperationSampling(options.InitialSamplingProbability, options.MinSamplesPerSecond, operations),
        };
    }

    /// <summary>Clients write six decimals.</summary>
    private static bool Same(double param, double probability) => Math.Abs(param - probability) < 1e-6;

    private sealed class OperationState(AdaptiveSamplingOptions options)
    {
        private readonly List<double> _rates = [];

        public double Probability { get; private set; } = options.InitialSamplingProbability;

        public long Count { get; set; }

        public bool Seen { get; set; }

        /// <summary>Whether a span of this interval was sampled as told.</summary>
        public bool Listens { get; set; }

        public int IdleIntervals { get; private set; }

        private bool ListenedBefore { get; set; } = true;

        public void EndInterval(AdaptiveSamplingOptions options)
        {
            _rates.Insert(0, Count / options.CalculationInterval.TotalSeconds);
            if (_rates.Count > options.AggregationBuckets)
            {
                _rates.RemoveAt(_rates.Count - 1);
            }
            IdleIntervals = Seen ? 0 : IdleIntervals + 1;
            var isFirst = Same(Probability, options.InitialSamplingProbability);
            var listens = isFirst || (Seen ? Listens : ListenedBefore);
            if (listens)
            {
                Probability = SamplingDecision.Next(
                    Probability, SamplingDecision.WeightedRate(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rates)), options);
            }
            (ListenedBefore, Count, Seen, Listens) = (listens, 0, false, false);
        }
    }
}

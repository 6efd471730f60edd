namespace Pharos.Query.PromQL.Syntax;

/// <summary>What may follow an operand: <c>[5m]</c>, <c>[1h:1m]</c>, <c>offset</c>, <c>@</c>, <c>anchored</c>, <c>smoothed</c>.</summary>
internal sealed class PostfixParser(TokenStream tokens, PromParserOptions options)
{
    private readonly DurationParser _durations = new(tokens);

    public Expr Apply(Expr operand)
    {
        while (true)
        {
            var token = tokens.Peek;
            if (token.Kind == TokenKind.LeftBracket)
            {
                operand = Bracket(operand);
            }
            else if (token.Kind == TokenKind.At)
            {
                operand = At(operand);
            }
            else if (tokens.TryTakeKeyword("offset"))
            {
                operand = Offset(operand);
            }
            else if (tokens.TryTakeKeyword("anchored"))
            {
                operand = Extend(operand, RangeExtension.Anchored);
            }
            else if (tokens.TryTakeKeyword("smoothed"))
            {
                operand = Extend(operand, RangeExtension.Smoothed);
            }
            else
            {
                return operand;
            }
        }
    }

    private Expr Bracket(Expr operand)
    {
        var open = tokens.Take();
        var range = _durations.Range();
        var rangeMs = Positive(range);
        if (tokens.TryTake(TokenKind.RightBracket))
        {
            return Matrix(operand, range, rangeMs, new PositionRange(open.Start, tokens.LastEnd));
        }
        if (!tokens.TryTake(TokenKind.Colon))
        {
            throw tokens.Unexpected("subquery or range", "\":\" or \"]\"");
        }
        var step = tokens.Peek.Kind == TokenKind.RightBracket ? null : _durations.Step();
        var stepMs = step is null ? 0 : Positive(step);
        if (!tokens.TryTake(TokenKind.RightBracket))
        {
            throw tokens.Unexpected("subquery selector", "\"]\"");
        }
        return new SubqueryExpr(operand, rangeMs ?? 0, stepMs ?? 0)
        {
            RangeExpr = rangeMs is null ? range : null,
            StepExpr = stepMs is null ? step : null,
            Position = new PositionRange(operand.Position.Start, tokens.LastEnd),
        };
    }

    private MatrixSelector Matrix(Expr operand, Expr range, long? literalMs, PositionRange brackets)
    {
        if (operand is not VectorSelector vector)
        {
            throw TokenStream.Fail("ranges only allowed for vector selectors", brackets);
        }
        if (vector.OffsetMs != 0 || vector.OffsetExpr is not null)
        {
            throw TokenStream.Fail("no offset modifiers allowed before range", brackets);
        }
        if (vector.At is not null)
        {
            throw TokenStream.Fail("no @ modifiers allowed before range", brackets);
        }
        return new MatrixSelector(vector, literalMs ?? 0, literalMs is null ? range : null)
        {
            Position = new PositionRange(operand.Position.Start, tokens.LastEnd),
        };
    }

    private static long? Positive(Expr duration) => duration is not NumberLiteral { Value: <= 0 } ? DurationParser.LiteralMs(duration)
        : throw TokenStream.Fail("duration must be greater than 0", duration.Position);

    private Expr Offset(Expr operand)
    {
        var offset = _durations.Offset();
        var ms = DurationParser.LiteralMs(offset);
        var computed = ms is null ? offset : null;
        var end = tokens.LastEnd;
        switch (operand)
        {
            case VectorSelector vector:
                return Shift(vector, ms, computed, vector.Position) with { Position = vector.Position with { End = end } };
            case MatrixSelector matrix:
                return matrix with
                {
                    Vector = Shift(matrix.Vector, ms, computed, matrix.Position),
                    Position = matrix.Position with { End = end },
                };
            case SubqueryExpr subquery:
                OnceOnly(subquery.OffsetMs != 0 || subquery.OffsetExpr is not null, subquery.Position);
                return subquery with
                {
                    OffsetMs = ms ?? 0,
                    OffsetExpr = computed,
                    Position = subquery.Position with { End = end },
                };
            default:
                throw TokenStream.Fail("offset modifier must be preceded by an instant vector selector or range vector " +
                    "selector or a subquery", operand.Position);
        }
    }

    private static VectorSelector Shift(VectorSelector vector, long? ms, Expr? computed, PositionRange position)
    {
        OnceOnly(vector.OffsetMs != 0 || vector.OffsetExpr is not null, position);
        return vector with { OffsetMs = ms ?? 0, OffsetExpr = computed };
    }

    private static void OnceOnly(bool already, PositionRange position)
    {
        if (already)
        {
            throw TokenStream.Fail("offset may not be set multiple times", position);
        }
    }

    private Expr At(Expr operand)
    {
        tokens.Take();
        var at = AtTime(operand);
        var end = tokens.LastEnd;
        var already = operand switch
        {
            VectorSelector vector => vector.At,
            MatrixSelector matrix => matrix.Vector.At,
            SubqueryExpr subquery => subquery.At,
            _ => throw TokenStream.Fail("@ modifier must be preceded by an instant vector selector or range vector " +
                "selector or a subquery", operand.Position),
        };
        if (already is not null)
        {
            throw TokenStream.Fail("@ <timestamp> may not be set multiple times", operand.Position);
        }
        var position = operand.Position with { End = end };
        return operand switch
        {
            VectorSelector vector => vector with { At = at, Position = position },
            MatrixSelector matrix => matrix with { Vector = matrix.Vector with { At = at }, Position = position },
            _ => (SubqueryExpr)operand with { At = at, Position = position },
        };
    }

    private AtModifier AtTime(Expr operand)
    {
        const string Context = "@";
        const string Expected = "timestamp";
        if (tokens.Peek.Kind == TokenKind.Preprocessor && (tokens.Peek.Is("start") || tokens.Peek.Is("end")))
        {
            var anchor = tokens.Take().Is("start") ? AtAnchor.Start : AtAnchor.End;
            tokens.Expect(TokenKind.LeftParen, Context, Expected);
            tokens.Expect(TokenKind.RightParen, Context, Expected);
            return new AtModifier(anchor);
        }
        var negative = false;
        if (tokens.Peek.Kind == TokenKind.Operator && tokens.Peek.Text is ("+" or "-"))
        {
            negative = tokens.Take().Text == "-";
        }
        if (tokens.Peek.Kind is not (TokenKind.Number or TokenKind.Duration))
        {
            throw tokens.Unexpected(Context, Expected);
        }
        var seconds = NumberScanner.Value(tokens.Take());
        seconds = negative ? -seconds : seconds;
        if (!double.IsFinite(seconds) || Math.Abs(seconds) >= long.MaxValue)
        {
            throw TokenStream.Fail(
                $"timestamp out of bounds for @ modifier: {FormatOutOfBounds(seconds)}", operand.Position);
        }
        // As far from now as a range or an offset can be added to without overflow.
        var ms = Math.Clamp(Math.Round(seconds * 1000, MidpointRounding.AwayFromZero), long.MinValue / 2, long.MaxValue / 2);
        return new AtModifier(AtAnchor.Timestamp, (long)ms);
    }

    private static string FormatOutOfBounds(double seconds) => double.IsNaN(seconds) ? "NaN"
        : double.IsPositiveInfinity(seconds) ? "+Inf" : double.IsNegativeInfinity(seconds) ? "-Inf"
        : seconds.ToString("F6", System.Globalization.CultureInfo.InvariantCulture);

    private Expr Extend(Expr operand, RangeExtension extension)
    {
        var word = extension == RangeExtension.Anchored ? "anchored" : "smoothed";
        if (!options.ExtendedRangeSelectors)
        {
            throw TokenStream.Fail($"{word} modifier is experimental and not enabled", operand.Position);
        }
        switch (operand)
        {
            case VectorSelector vector:
                return vector with { Extension = Only(vector) };
            case MatrixSelector matrix:
                return matrix with { Vector = matrix.Vector with { Extension = Only(matrix.Vector) } };
            case SubqueryExpr:
                throw TokenStream.Fail($"{word} modifier is not supported for subqueries", operand.Position);
            default:
                throw TokenStream.Fail($"{word} modifier not implemented", operand.Position);
        }

        RangeExtension Only(VectorSelector vector) =>
            vector.Extension == RangeExtension.None || vector.Extension == extension ? extension
                : throw TokenStream.Fail("anchored and smoothed modifiers cannot be used together", operand.Position);
    }
}

using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>A parameter of requests: its name in the catalogue, and where it sits in a request.</summary>
/// <param name="name">The name in the catalogue's <c>supported_parameters</c>, which is also that of its field in the extra body.</param>
internal sealed class RequestParameter(string name)
{
    public string Name => name;

    /// <summary>The names of its field in the extra body.</summary>
    public string[] Fields { get; init; } = [name];

    /// <summary>Whether the options have it as a property; <see langword="null"/> where they have no property for it.</summary>
    public Func<ChatOptions, bool>? IsSet { get; init; }

    /// <summary>Takes it out of the options' property; <see langword="null"/> for what is never just left out, such as tools.</summary>
    public Action<ChatOptions>? Clear { get; init; }

    /// <summary>The number in the options' property; <see langword="null"/> where it holds none.</summary>
    public Func<ChatOptions, double?>? Number { get; init; }

    /// <summary>Puts a number into the options' property.</summary>
    public Action<ChatOptions, double>? SetNumber { get; init; }

    /// <summary>Whether the number must be whole.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether a request sends the parameter.</summary>
    public bool IsSent(ChatOptions options)
    {
        if (IsSet?.Invoke(options) == true)
            return true;
        if (options.AdditionalProperties is null)
            return false;

        foreach (var field in Fields)
        {
            if (ExtraBody.Has(options, field))
                return true;
        }

        return false;
    }

    /// <summary>A parameter with a property of type <see cref="float"/>.</summary>
    public static RequestParameter OfSingle(string name, Func<ChatOptions, float?> get, Action<ChatOptions, float?> set) => new(name)
    {
        IsSet = options => get(options) is not null,
        Clear = options => set(options, null),
        Number = options => Widen(get(options)),
        SetNumber = (options, number) => set(options, (float)number),
    };

    /// <summary>A parameter with a property for whole numbers.</summary>
    public static RequestParameter OfWhole(string name, Func<ChatOptions, long?> get, Action<ChatOptions, long?> set, params string[] fields) => new(name)
    {
        Fields = [name, .. fields],
        IsSet = options => get(options) is not null,
        Clear = options => set(options, null),
        Number = options => get(options),
        SetNumber = (options, number) => set(options, (long)number),
        IsWhole = true,
    };

    // As the caller wrote it: 0.99f is 0.99, not 0.9900000095, which would be more than a limit of 0.99. Beyond decimal's range no limit stands so close.
    private static double? Widen(float? number) => number is { } given && MathF.Abs(given) < 1e9f ? (double)(decimal)given : number;
}

namespace MeaiRouter.Normalization;

/// <summary>What becomes of a parameter that an endpoint does not take, or not with the value given.</summary>
public enum UnsupportedParameters
{
    /// <summary>It is brought to the nearest value that is taken, or left out, with a note in the trace.</summary>
    Adapt,

    /// <summary>The endpoint is not asked: the attempt fails as unsupported, and another endpoint may be tried.</summary>
    Refuse,
}

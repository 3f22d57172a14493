namespace MeaiRouter.Testing;

/// <summary>A request went another way than a test expects. The message says what was expected, what happened instead, and the whole route.</summary>
public sealed class RouteExpectationException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">What was expected and what happened.</param>
    public RouteExpectationException(string message)
        : base(message)
    {
    }
}

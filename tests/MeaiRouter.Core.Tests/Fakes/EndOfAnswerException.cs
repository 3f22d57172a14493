namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>Ends a script early without an error.</summary>
internal sealed class EndOfAnswerException : Exception;

import { TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';

/** Props of {@link ErrorBoundary}. */
export interface ErrorBoundaryProps {
  /** What failed, as in "The list could not be shown". */
  readonly part: string;
  readonly children: ReactNode;
}

/** Keeps a mistake in one part from taking the window with it. */
export class ErrorBoundary extends Component<
  ErrorBoundaryProps,
  { readonly failed: boolean }
> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <EmptyState
        icon={<TriangleAlert size={40} />}
        title={`${this.props.part} could not be shown`}
        actions={
          <Button onClick={() => this.setState({ failed: false })}>Try Again</Button>
        }
      >
        Something unexpected happened in the window. Your transfers go on.
      </EmptyState>
    );
  }
}

import { X } from 'lucide-react';
import { createContext, useContext, type ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useSay } from '../phone/text.tsx';

/**
 * What stands below every open sheet: an open sheet makes all the rest of the page unreachable, for screen readers as well, and some
 * things cannot wait until it is closed. It never moves what the sheet shows, unless the window is too low for both.
 */
export const BelowSheets = createContext<ReactNode>(null);

interface SheetProps {
  readonly title: string;
  readonly isOpen: boolean;
  onClose(): void;
  readonly children: ReactNode;
  readonly role?: 'dialog' | 'alertdialog';
}

/** A dialog above the screen; Escape and a press beside it close it. */
export function Sheet({ title, isOpen, onClose, children, role = 'dialog' }: SheetProps) {
  const say = useSay();
  const below = useContext(BelowSheets);
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="overlay"
    >
      <Modal className="sheet-column">
        <div className="sheet">
          <Dialog role={role} className="sheet-dialog">
            <header className="sheet-head">
              <Heading slot="title" className="sheet-title">
                {title}
              </Heading>
              {/* Without a tool tip: Escape would close that instead of the dialog. */}
              <Button className="icon-button" aria-label={say('common.close')} onPress={onClose}>
                <X aria-hidden className="icon" />
              </Button>
            </header>
            {children}
          </Dialog>
        </div>
        {below}
      </Modal>
    </ModalOverlay>
  );
}
